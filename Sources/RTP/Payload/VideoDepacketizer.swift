package import MediaCore

/// How pictures lie in RTP packets, per codec.
package enum VideoDepacketizer: Hashable, Sendable {
    case vp8, vp9, h264, av1

    /// The one for a codec; `nil` for sound.
    package static func make(for codec: MediaCodec) -> VideoDepacketizer? {
        switch codec {
        case .vp8: .vp8
        case .vp9: .vp9
        case .h264: .h264
        case .av1: .av1
        case .opus: nil
        }
    }

    /// What a payload says about its picture; `nil` when it is malformed and is to be dropped. Does not
    /// allocate.
    package func inspect(_ payload: Span<UInt8>, marker: Bool) -> PayloadInfo? {
        switch self {
        case .vp8: VP8Descriptor(parsing: payload)?.info(of: payload, marker: marker)
        case .vp9: VP9Descriptor(parsing: payload)?.info(marker: marker)
        case .h264: H264Payload.inspect(payload, marker: marker)
        case .av1: AV1Payload.inspect(payload, marker: marker)
        }
    }

    /// Adds to `bytes` what a decoder takes, from the payloads of one whole picture in order; false when
    /// they do not make one, and then `bytes` is as before.
    package func assemble(_ payloads: [[UInt8]], into bytes: inout [UInt8]) -> Bool {
        let start = bytes.count
        var assembler = FrameAssembler(self)
        for payload in payloads {
            guard assembler.add(payload.span, to: &bytes) else {
                bytes.removeSubrange(start...)
                return false
            }
        }
        guard assembler.finish(&bytes) else {
            bytes.removeSubrange(start...)
            return false
        }
        return true
    }
}
