/// What the first byte of an Opus packet says about it (RFC 6716 §3.1).
package struct OpusPayload: Hashable, Sendable {
    /// Frames in the packet, at least one.
    package let frameCount: Int
    /// Length of each frame in samples at 48 kHz.
    package let samplesPerFrame: Int
    /// Channels the encoder used, 1 or 2; a decoder may deliver either.
    package let channelCount: Int
    /// Whether the packet says only that there is silence: the encoder makes such ones when nobody speaks.
    package let isDTX: Bool

    /// Reads the first bytes of a packet; `nil` when it is empty or says an impossible length.
    package init?(parsing payload: Span<UInt8>) {
        guard let first = payload.byte(at: 0) else { return nil }
        samplesPerFrame = Self.samplesPerFrame(configuration: first >> 3)
        channelCount = first & 0x04 == 0 ? 1 : 2
        switch first & 0x03 {
        case 0: frameCount = 1
        case 1, 2: frameCount = 2
        default:
            guard let second = payload.byte(at: 1), second & 0x3F != 0 else { return nil }
            frameCount = Int(second & 0x3F)
        }
        // A packet without sound holds at most the two bytes above.
        isDTX = payload.count <= 2
        // RFC 6716 §3.4 [R5]: at most 120 ms.
        guard frameCount * samplesPerFrame <= 5_760 else { return nil }
    }

    /// Length in samples at 48 kHz.
    package var sampleCount: Int { frameCount * samplesPerFrame }

    /// Length in time.
    package var duration: Duration { .nanoseconds(Int64(sampleCount) * 1_000_000_000 / 48_000) }

    /// RFC 6716 table 2: SILK has frames of 10, 20, 40 and 60 ms, hybrid of 10 and 20, CELT of 2.5, 5,
    /// 10 and 20.
    private static func samplesPerFrame(configuration: UInt8) -> Int {
        switch configuration {
        case 0..<12: configuration & 3 == 3 ? 2_880 : 480 << Int(configuration & 3)
        case 12..<16: 480 << Int(configuration & 1)
        default: 120 << Int(configuration & 3)
        }
    }
}
