/// Puts the payloads of one picture together again, one after the other. Make a new one for each picture.
///
/// H.264 comes out in Annex B form, AV1 as a temporal unit with size fields, VP9 with all layers of the picture in
/// a row. After `false` the picture is unusable, and what was added so far is worthless.
package struct FrameAssembler: Sendable {
    private let depacketizer: VideoDepacketizer
    private var vp8 = VP8Assembler()
    private var vp9 = VP9Assembler()
    private var h264 = H264Assembler()
    private var av1 = AV1Assembler()

    /// Makes an assembler for one picture.
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

    /// Whether what was added is a whole picture.
    package func finish() -> Bool {
        switch depacketizer {
        case .vp8: vp8.isComplete
        case .vp9: vp9.isComplete
        case .h264: h264.isComplete
        case .av1: av1.isComplete
        }
    }
}
