import MediaCore
import Testing

@testable import RTP

/// One payload as it would be sent.
struct SentPayload {
    var bytes: [UInt8]
    var marker: Bool
}

extension VideoPacketizer {
    /// The payloads of a picture.
    mutating func payloads(of frame: EncodedFrame, maximum: Int = 1_140) -> [SentPayload] {
        var payloads: [SentPayload] = []
        var prefix: [UInt8] = [1, 2, 3]
        packetize(frame, maximumPayload: maximum, prefix: &prefix) { prefix, range, marker in
            payloads.append(SentPayload(bytes: prefix + frame.bytes[range], marker: marker))
        }
        return payloads
    }
}

extension EncodedFrame {
    /// A picture that was never encoded.
    init(_ codec: MediaCodec, _ bytes: [UInt8], isKeyframe: Bool = false, layers: FrameLayers? = nil) {
        self.init(
            codec: codec, bytes: bytes, isKeyframe: isKeyframe, timestamp: 0, captureTime: .zero,
            layers: layers)
    }
}

/// Bytes that are never zero, so that they hold no start code.
func content(_ count: Int, seed: Int = 0) -> [UInt8] {
    (0..<count).map { UInt8(1 + ($0 &* 31 &+ seed) % 255) }
}

@Suite("Video packetizers")
struct VideoPacketizerTests {
    @Test("there is one for each picture codec and none for sound", arguments: MediaCodec.allCases)
    func choice(codec: MediaCodec) {
        #expect(VideoPacketizer(codec, pictureID: 0)?.codec == (codec.isVideo ? codec : nil))
    }

    @Test(
        "shares are about equal and as few as possible",
        arguments: [(1, 10, [1]), (10, 10, [10]), (11, 10, [5, 6]), (0, 10, []), (3, 0, [1, 1, 1])])
    func shares(total: Int, room: Int, expected: [Int]) {
        var sizes: [Int] = []
        forEachShare(of: total, room: room) { sizes.append($0.count) }
        #expect(sizes == expected)
    }

    @Test("an empty picture makes no payload", arguments: MediaCodec.allCases.filter(\.isVideo))
    func emptyPicture(codec: MediaCodec) throws {
        var packetizer = try #require(VideoPacketizer(codec, pictureID: 0))
        #expect(packetizer.payloads(of: EncodedFrame(codec, [])).isEmpty)
    }

    @Test("damaged pictures never trap", arguments: [.h264, .av1, .vp9] as [MediaCodec])
    func mutations(codec: MediaCodec) throws {
        var packetizer = try #require(VideoPacketizer(codec, pictureID: 0x7FF0))
        var mutations = Mutations(seed: 6_184)
        let pictures: [[UInt8]] = [
            [0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 1, 0x65] + content(90),
            [0x12, 0, 0x0A, 3, 1, 2, 3, 0x36, 0x28, 80] + content(80),
        ]
        for _ in 0..<10_000 {
            let bytes = mutations.next(of: pictures)
            for payload in packetizer.payloads(of: EncodedFrame(codec, bytes), maximum: 40) {
                #expect(payload.bytes.count <= 40)
            }
        }
    }
}
