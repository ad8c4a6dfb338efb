package import MediaCore

/// Decodes VP8, VP9 (also with spatial layers), H.264 or AV1.
///
/// One thread only. What comes in is from the network: damage throws, and the owner asks for a keyframe.
/// Until that comes nothing is shown: what a library makes up for missing pictures is not worth seeing.
package final class VideoDecoder {
    /// What it decodes.
    package let codec: MediaCodec

    /// Larger pictures are refused, so that nobody can make us allocate without bound.
    package static let maximumPixels = 4_096 * 2_304

    private let open: any OpenDecoder

    /// Opens a decoder; throws for a codec without pictures.
    package init(codec: MediaCodec) throws(CodecError) {
        self.codec = codec
        open =
            switch codec {
            case .vp8: try VP8Decoder()
            case .vp9, .h264, .av1: try AVCodecDecoder(codec: codec)
            case .opus: throw .invalidSettings("opus has no pictures")
            }
    }

    /// Decodes one access unit and returns the last picture it shows, which for VP9 with spatial layers
    /// is the largest; `nil` when it shows none. The result keeps the times of `frame`.
    package func decode(_ frame: EncodedFrame, pool: VideoFramePool) throws(CodecError) -> VideoFrame? {
        guard frame.codec == codec else {
            throw .invalidSettings("a \(codec) decoder was given \(frame.codec)")
        }
        // Without bytes the libraries would end the stream, or conceal.
        guard !frame.bytes.isEmpty else { throw .decodingFailed(code: 0) }
        return try open.decode(frame, pool: pool)
    }
}

/// An open decoder of some library.
protocol OpenDecoder: AnyObject {
    /// Decodes an access unit, which has bytes; after an error the next keyframe is shown again.
    func decode(_ frame: EncodedFrame, pool: VideoFramePool) throws(CodecError) -> VideoFrame?
}
