package import MediaCore

/// How much a receiver believes it can take (draft-alvestrand-rmcat-remb §2.2).
package struct ReceiverEstimatedMaximumBitrate: Hashable, Sendable {
    /// Who reports.
    package var sender: SSRC
    /// The most all the streams together should use.
    package var bitrate: Bitrate
    /// The streams it is about, at most 255.
    package var ssrcs: [SSRC]

    /// "REMB", which tells this from other application feedback.
    private static let identifier: UInt32 = 0x5245_4D42
    /// More than any link carries; larger claims are cut to it, so that later arithmetic cannot overflow.
    private static let maximum: UInt64 = 1 << 50

    /// Makes a report.
    package init(sender: SSRC, bitrate: Bitrate, ssrcs: [SSRC]) {
        self.sender = sender
        self.bitrate = bitrate
        self.ssrcs = ssrcs
    }

    init?(parsing body: Span<UInt8>) {
        guard let sender = body.uint32(at: 0), body.uint32(at: 8) == Self.identifier,
            let count = body.byte(at: 12),
            let value = body.uint24(at: 13),
            body.count >= 16 + 4 * Int(count)
        else { return nil }
        // Six bits of exponent, 18 of mantissa.
        let exponent = UInt64(value >> 18)
        let mantissa = UInt64(value & 0x3_FFFF)
        let isLarge = exponent > 50 - 18 && mantissa != 0
        let rate = isLarge ? Self.maximum : min(mantissa << exponent, Self.maximum)
        self.init(sender: SSRC(sender), bitrate: Bitrate(bitsPerSecond: Int(rate)), ssrcs: [])
        for index in 0..<Int(count) {
            if let ssrc = body.uint32(at: 16 + 4 * index) { ssrcs.append(SSRC(ssrc)) }
        }
    }

    func append(to bytes: inout [UInt8]) {
        let ssrcs = ssrcs.prefix(255)
        var mantissa = UInt64(max(0, bitrate.bitsPerSecond))
        var exponent: UInt32 = 0
        while mantissa > 0x3_FFFF {
            mantissa >>= 1
            exponent += 1
        }
        bytes.appendPacket(type: RTCPType.payloadSpecificFeedback, format: 15) { body in
            body.append(bigEndian: sender.value)
            body.append(bigEndian: 0 as UInt32)
            body.append(bigEndian: Self.identifier)
            body.append(bigEndian: UInt32(ssrcs.count) << 24 | exponent << 18 | UInt32(mantissa))
            for ssrc in ssrcs { body.append(bigEndian: ssrc.value) }
        }
    }
}
