package import MediaCore
package import RTP

/// One payload type of a media section: `a=rtpmap`, `a=fmtp` and `a=rtcp-fb` together.
package struct CodecDescription: Hashable, Sendable {
    /// The number packets carry.
    package var payloadType: PayloadType
    /// Encoding name as written, such as `VP8` or `rtx`; compare with `isNamed(_:)`.
    package var name: String
    /// RTP clock rate in Hz.
    package var clockRate: Int
    /// Channels of sound; 1 when not written.
    package var channels: Int
    /// The `a=fmtp` value as written; empty when there is none.
    package var format: String
    /// The `a=rtcp-fb` values as written, such as `nack pli`.
    package var feedback: [String]

    /// Describes a payload type.
    package init(
        _ payloadType: PayloadType, _ name: String, clockRate: Int, channels: Int = 1, format: String = "",
        feedback: [String] = []
    ) {
        self.payloadType = payloadType
        self.name = name
        self.clockRate = clockRate
        self.channels = channels
        self.format = format
        self.feedback = feedback
    }

    /// Whether the encoding name is `other`; names have no case (RFC 4855 §3).
    package func isNamed(_ other: String) -> Bool {
        name.lowercased() == other.lowercased()
    }

    /// The codec that this library knows by this name; `nil` for `rtx`, `red` and strangers.
    package var codec: MediaCodec? {
        MediaCodec(rawValue: name.lowercased())
    }

    /// The value of one `name=value` parameter of the format.
    package func parameter(_ name: String) -> String? {
        for part in format.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmed.lowercased() == name else { continue }
            return String(pair[1].trimmed)
        }
        return nil
    }

    /// The payload type an `rtx` entry repairs (RFC 4588 §8.1).
    package var repairedPayloadType: PayloadType? {
        guard isNamed("rtx"), let text = parameter("apt"), let value = UInt8(text) else { return nil }
        return PayloadType(value)
    }

    /// Whether both entries mean the same encoding, whatever their payload types are (RFC 3264 §6.1).
    package func matches(_ other: CodecDescription) -> Bool {
        guard isNamed(other.name), clockRate == other.clockRate, channels == other.channels else {
            return false
        }
        switch codec {
        case .h264: return hasSameH264Configuration(as: other)
        case .vp9: return (parameter("profile-id") ?? "0") == (other.parameter("profile-id") ?? "0")
        case .av1: return (parameter("profile") ?? "0") == (other.parameter("profile") ?? "0")
        default: return true
        }
    }

    /// RFC 6184 §8.2.2: the packetization mode and the profile are one configuration; the level is not
    /// part of it.
    private func hasSameH264Configuration(as other: CodecDescription) -> Bool {
        let mode = parameter("packetization-mode") ?? "0"
        guard mode == other.parameter("packetization-mode") ?? "0" else { return false }
        return H264Profile(self) == H264Profile(other)
    }
}

/// The H.264 profiles that real-time senders use (RFC 6184 §8.1, table 5).
private enum H264Profile: Hashable {
    case constrainedBaseline, baseline, main, constrainedHigh, high
    case other(UInt32)

    init(_ codec: CodecDescription) {
        // RFC 6184 §8.1: without profile-level-id it is Baseline, level 1.
        let value = codec.parameter("profile-level-id").flatMap { UInt32($0, radix: 16) } ?? 0x42000A
        let constraints = UInt8(truncatingIfNeeded: value >> 8)
        switch value >> 16 {
        case 0x42 where constraints & 0x40 != 0: self = .constrainedBaseline
        case 0x4D where constraints & 0x80 != 0: self = .constrainedBaseline
        case 0x58 where constraints & 0xC0 == 0xC0: self = .constrainedBaseline
        case 0x42: self = .baseline
        case 0x4D: self = .main
        case 0x64 where constraints & 0x0C == 0x0C: self = .constrainedHigh
        case 0x64: self = .high
        default: self = .other(value >> 8)
        }
    }
}
