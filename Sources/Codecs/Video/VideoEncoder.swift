package import MediaCore

/// Encodes pictures in real time: each leaves at once and in order, or is dropped to keep the bitrate.
///
/// One thread only. The owner measures each `encode` and reports it, so that the encoder stays within half the frame
/// time.
package protocol VideoEncoder: AnyObject {
    /// What the encoder runs with now.
    var settings: VideoEncoderSettings { get }

    /// Encodes one picture; `nil` when rate control dropped it. A picture of another size reopens the encoder and
    /// becomes a keyframe. `timestamp` is the RTP timestamp.
    func encode(
        _ frame: VideoFrame, timestamp: UInt32, isKeyframeForced: Bool
    ) throws(CodecError) -> EncodedFrame?

    /// Changes rate and pictures per second from the next picture on, without reopening and without a keyframe.
    func set(bitrate: Bitrate, framesPerSecond: Int?) throws(CodecError)

    /// Says how many of the lower spatial layers somebody watches, at least 1; the others are not encoded.
    func set(spatialLayers: Int) throws(CodecError)

    /// Tells how long the last `encode` took, so that the effort fits the machine.
    func report(encodeTime: Duration)
}

extension VideoEncoder {
    /// Encodes one picture that need not be a key frame.
    package func encode(_ frame: VideoFrame, timestamp: UInt32) throws(CodecError) -> EncodedFrame? {
        try encode(frame, timestamp: timestamp, isKeyframeForced: false)
    }

    /// Changes the rate from the next picture on.
    package func set(bitrate: Bitrate) throws(CodecError) {
        try set(bitrate: bitrate, framesPerSecond: nil)
    }
}

/// Makes encoders.
package enum VideoEncoders {
    /// Loads what encoders of a codec need; throws a sentence when that is not installed.
    package static func load(_ codec: MediaCodec) throws(CodecError) {
        if codec == .h264 { _ = try AVCodecLibrary.functions(for: codec) }
    }

    /// Opens an encoder; throws for a codec without pictures.
    package static func make(
        _ codec: MediaCodec, settings: VideoEncoderSettings
    ) throws(CodecError) -> any VideoEncoder {
        switch codec {
        case .vp8: try RealTimeEncoder<VP8Encoder>(settings: settings)
        case .vp9: try RealTimeEncoder<VP9Encoder>(settings: settings)
        case .h264: try RealTimeEncoder<H264Encoder>(settings: settings)
        case .av1: try RealTimeEncoder<AV1Encoder>(settings: settings)
        case .opus: throw .unavailable(codec: codec.rawValue, code: 0)
        }
    }
}
