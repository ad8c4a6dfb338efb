import MediaCore
import Testing

@testable import RTP

@Suite("VP8 payloads")
struct VP8Tests {
    /// Frame tag of a key frame, start code, 640 × 480.
    private let keyframe: [UInt8] = [0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01, 7, 7]
    private let descriptors: [[UInt8]] = [
        [0x10], [0x00], [0x90, 0x00], [0x90, 0x80, 0x7F], [0x90, 0x80, 0xFF, 0xFF],
        [0xB0, 0xF0, 0x81, 0x02, 0x03, 0x65],
        [0x90, 0x20, 0xC0], [0x90, 0x10, 0x1F], [0x97, 0x40, 0x00],
    ]

    @Test("every descriptor is read and written back the same")
    func roundTrip() throws {
        for bytes in descriptors {
            let descriptor = try #require(VP8Descriptor(parsing: bytes + [1]))
            #expect(descriptor.encodedLength == bytes.count)
            #expect(descriptor.bytes == bytes)
            #expect(VP8Descriptor(parsing: bytes) == nil, "without data it is malformed")
        }
    }

    @Test("all fields are found")
    func fields() throws {
        let descriptor = try #require(VP8Descriptor(parsing: [0xB0, 0xF0, 0x81, 0x02, 0x03, 0x65, 0]))
        #expect(descriptor.isDiscardable && descriptor.startsPartition && descriptor.partition == 0)
        #expect(descriptor.pictureID == 0x0102 && descriptor.hasLongPictureID)
        #expect(descriptor.tl0PictureIndex == 3)
        #expect(descriptor.temporalLayer == 1 && descriptor.isLayerSync && descriptor.keyIndex == 5)
    }

    @Test("a key frame is told by its first bit, and says its size")
    func keyframes() throws {
        let key = try #require(VideoDepacketizer.vp8.inspect([0x90, 0x80, 5] + keyframe, marker: true))
        #expect(
            key
                == PayloadInfo(
                    startsFrame: true, endsFrame: true, isKeyframe: true, pictureID: 5,
                    size: PictureSize(width: 640, height: 480)))
        let delta = try #require(VideoDepacketizer.vp8.inspect([0x10, 0x11, 0, 0], marker: false))
        #expect(delta == PayloadInfo(startsFrame: true, endsFrame: false, isKeyframe: false))
        // The same bytes in a later packet or partition mean nothing.
        for first in [0x00, 0x11] as [UInt8] {
            let info = try #require(VideoDepacketizer.vp8.inspect([first] + keyframe))
            #expect(!info.isKeyframe && !info.startsFrame && info.size == nil)
        }
    }

    @Test(
        "picture numbers are rewritten in place and wrap in their bits",
        arguments: [
            ([0x90, 0x80, 0x05, 0xAA], 0x7FFF, [0x90, 0x80, 0x7F, 0xAA]),
            ([0x90, 0x80, 0x80, 0x05, 0xAA], 0x7FFF, [0x90, 0x80, 0xFF, 0xFF, 0xAA]),
            ([0x90, 0xC0, 0x80, 0x05, 0x09, 0xAA], 0x8000, [0x90, 0xC0, 0x80, 0x00, 0xFE, 0xAA]),
        ] as [([UInt8], UInt16, [UInt8])])
    func rewriting(payload: [UInt8], pictureID: UInt16, expected: [UInt8]) throws {
        var descriptor = try #require(VP8Descriptor(parsing: payload))
        descriptor.pictureID = pictureID
        if descriptor.tl0PictureIndex != nil { descriptor.tl0PictureIndex = 0xFE }
        var packet = [0, 0] + payload
        var span = packet.mutableSpan
        let isStored = descriptor.store(in: &span, at: 2)
        #expect(isStored && packet == [0, 0] + expected)
    }

    @Test("rewriting refuses to go beyond the packet", arguments: [-1, 3, Int.max])
    func rewritingOutside(offset: Int) {
        let descriptor = VP8Descriptor(startsPartition: true, pictureID: 1)
        var packet: [UInt8] = [0, 0, 0, 0, 0, 0]
        var span = packet.mutableSpan
        let isStored = descriptor.store(in: &span, at: offset)
        #expect(!isStored && packet == [0, 0, 0, 0, 0, 0])
    }

    @Test("a picture is joined from its first packet on")
    func assembling() {
        #expect(VideoDepacketizer.vp8.assemble([[0x10, 1, 2], [0x00, 3], [0x02, 4]]) == [1, 2, 3, 4])
        #expect(VideoDepacketizer.vp8.assemble([[0x00, 3], [0x10, 1]]) == nil)
        #expect(VideoDepacketizer.vp8.assemble([[0x10, 3], [0x10, 1]]) == nil)
        #expect(VideoDepacketizer.vp8.assemble([]) == nil)
    }

    @Test("what was there stays when a picture is unusable")
    func assemblingFailure() {
        var bytes: [UInt8] = [9]
        let isWhole = VideoDepacketizer.vp8.assemble([[0x10, 1], [0x10, 2]], into: &bytes)
        #expect(!isWhole && bytes == [9])
    }

    @Test("damaged payloads never trap")
    func mutations() {
        var mutations = Mutations(seed: 7741)
        var valid = 0
        for _ in 0..<10_000 {
            let payload = mutations.next(of: descriptors.map { $0 + keyframe })
            if VideoDepacketizer.vp8.inspect(payload) != nil { valid += 1 }
            if let bytes = VideoDepacketizer.vp8.assemble([payload, payload]) { #expect(bytes.isEmpty) }
            if let bytes = VideoDepacketizer.vp8.assemble([payload]) { #expect(bytes.count < payload.count) }
        }
        #expect((5_000..<10_000).contains(valid))
    }
}
