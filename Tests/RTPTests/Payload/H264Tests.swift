import Testing

@testable import RTP

@Suite("H.264 payloads")
struct H264Tests {
    private let parameters: [UInt8] = [24, 0, 3, 0x67, 0x42, 0xC0, 0, 2, 0x68, 0xCE]
    private let fragments: [[UInt8]] = [[0x7C, 0x85, 0x88, 1], [0x7C, 0x05, 2, 3], [0x7C, 0x45, 4]]

    @Test("parameters and fragments become units with start codes")
    func assembling() {
        #expect(
            VideoDepacketizer.h264.assemble([parameters] + fragments) == [
                0, 0, 0, 1, 0x67, 0x42, 0xC0, 0, 0, 0, 1, 0x68, 0xCE, 0, 0, 0, 1, 0x65, 0x88, 1, 2, 3, 4,
            ])
        #expect(VideoDepacketizer.h264.assemble([[0x41, 0x9A, 5]]) == [0, 0, 0, 1, 0x41, 0x9A, 5])
    }

    @Test("a picture with a gap is unusable")
    func gaps() {
        #expect(VideoDepacketizer.h264.assemble([fragments[1], fragments[2]]) == nil)
        #expect(VideoDepacketizer.h264.assemble([fragments[0], fragments[1]]) == nil)
        #expect(VideoDepacketizer.h264.assemble([fragments[0], fragments[0]]) == nil)
        #expect(VideoDepacketizer.h264.assemble([fragments[0], [0x41, 0x9A]]) == nil)
        #expect(
            VideoDepacketizer.h264.assemble([fragments[0], [0x5C, 0x41, 9]]) == nil, "another type of unit")
        #expect(VideoDepacketizer.h264.assemble([]) == nil)
    }

    @Test(
        "key frames are found in single units, aggregates and fragments",
        arguments: [
            // payload, begins a picture, key frame
            ([0x67, 0x42], true, true), ([0x65, 0x88], true, true), ([0x65, 0x08], false, true),
            ([0x41, 0x9A], true, false), ([0x41, 0x1A], false, false), ([0x68, 0xCE], true, false),
            ([0x09, 0xF0], true, false), ([0x06, 0x05], true, false),
            ([24, 0, 3, 0x67, 0x42, 0xC0, 0, 2, 0x68, 0xCE], true, true),
            ([24, 0, 2, 0x41, 0x9A], true, false),
            ([24, 0, 2, 0x68, 0xCE, 0, 2, 0x65, 0x88], true, true),
            ([0x7C, 0x85, 0x88], true, true), ([0x7C, 0x05, 0x88], false, true),
            ([0x5C, 0x81, 0x9A], true, false),
            ([0x5C, 0x41, 0x9A], false, false),
        ] as [([UInt8], Bool, Bool)])
    func keyframes(payload: [UInt8], starts: Bool, isKeyframe: Bool) {
        #expect(
            VideoDepacketizer.h264.inspect(payload, marker: true)
                == PayloadInfo(startsFrame: starts, endsFrame: true, isKeyframe: isKeyframe))
    }

    @Test(
        "payloads that contradict themselves, or that mode 1 does not have, are dropped",
        arguments: [
            [], [0], [24], [24, 0], [24, 0, 0], [24, 0, 3, 1, 2], [24, 0, 1, 0x67, 0], [0x7C], [0x7C, 0x85],
            [25, 0, 0],
            [26, 0, 0], [29, 0, 0, 0], [31, 1],
        ] as [[UInt8]])
    func malformed(payload: [UInt8]) {
        #expect(VideoDepacketizer.h264.inspect(payload) == nil)
        #expect(VideoDepacketizer.h264.assemble([payload]) == nil)
    }

    @Test("damaged payloads never trap")
    func mutations() {
        var mutations = Mutations(seed: 6184)
        var valid = 0
        for _ in 0..<10_000 {
            let payload = mutations.next(of: [parameters, [0x65, 0x88, 1, 2]] + fragments)
            if VideoDepacketizer.h264.inspect(payload) != nil { valid += 1 }
            if let bytes = VideoDepacketizer.h264.assemble([payload]) { #expect(bytes.count >= 5) }
            _ = VideoDepacketizer.h264.assemble([fragments[0], payload, fragments[2]])
        }
        #expect((3_000..<10_000).contains(valid))
    }
}
