/// How a picture or a sound is encoded.
public enum MediaCodec: String, Hashable, Sendable, CaseIterable {
    case vp8, vp9, h264, av1, opus

    /// Whether it encodes pictures.
    public var isVideo: Bool { self != .opus }

    /// RTP clock rate in Hz (RFC 7741 §4.1, RFC 7587 §4.1, ...).
    public var clockRate: Int { self == .opus ? 48_000 : 90_000 }
}

/// One encoded picture or one packet of encoded sound, whole, as a codec makes or takes it.
///
/// H.264 is in Annex B form (start codes); AV1 is a temporal unit of OBUs with size fields; VP9 SVC holds all
/// layers of the picture in decoding order and, when there are several, a superframe index behind them.
package struct EncodedFrame: Sendable {
    /// The codec the bytes belong to.
    package var codec: MediaCodec
    /// The encoded bytes.
    package var bytes: [UInt8]
    /// Whether decoding may start here.
    package var isKeyframe: Bool
    /// RTP timestamp: 90 kHz for video, 48 kHz for audio; wraps.
    package var timestamp: UInt32
    /// When it was captured (sending) or when its first packet arrived (receiving).
    package var captureTime: MonotonicTime
    /// When the decoded picture is to be shown; `nil` = at once. Receiving only.
    package var presentAt: MonotonicTime?
    /// Its place among the layers of the stream; `nil` without layers. Sending only.
    package var layers: FrameLayers?

    /// Makes a frame.
    package init(
        codec: MediaCodec, bytes: [UInt8], isKeyframe: Bool, timestamp: UInt32, captureTime: MonotonicTime,
        presentAt: MonotonicTime? = nil, layers: FrameLayers? = nil
    ) {
        self.codec = codec
        self.bytes = bytes
        self.isKeyframe = isKeyframe
        self.timestamp = timestamp
        self.captureTime = captureTime
        self.presentAt = presentAt
        self.layers = layers
    }
}
