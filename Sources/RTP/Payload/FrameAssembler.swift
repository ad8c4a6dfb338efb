/// Puts the payloads of one picture together again, one after the other.
///
/// H.264 comes out in Annex B form, AV1 as a temporal unit with size fields, VP9 with all layers of the picture in
/// a row and an index of them. After `false` the picture is unusable: throw away what was added, and call
/// `finish` before the next.
package struct FrameAssembler: Sendable {
    private let depacketizer: VideoDepacketizer
    private var vp8 = VP8Assembler()
    private var vp9 = VP9Assembler()
    private var h264 = H264Assembler()
    private var av1 = AV1Assembler()

    /// Makes an assembler for pictures of one codec.
    package init(_ depacketizer: VideoDepacketizer) {
        self.depacketizer = depacketizer
    }

    /// Takes the next payload and adds what it holds to `bytes`; false when the picture is unusable.
    package mutating func add(_ payload: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
        switch depacketizer {
        case .vp8: vp8.add(payload, to: &bytes)
        case .vp9: vp9.add(payload, to: &bytes)
        case .h264: h264.add(payload, to: &bytes)
        case .av1: av1.add(payload, to: &bytes)
        }
    }

    /// Ends the picture, adds what belongs behind it to `bytes`, and says whether it is a whole one. The assembler
    /// is ready for the next picture then.
    package mutating func finish(_ bytes: inout [UInt8]) -> Bool {
        switch depacketizer {
        case .vp8: vp8.finish()
        case .vp9: vp9.finish(&bytes)
        case .h264: h264.finish()
        case .av1: av1.finish()
        }
    }
}
