/// What a receiver says about one stream (RFC 3550 §6.4.1).
package struct ReportBlock: Hashable, Sendable {
    /// The stream.
    package var ssrc: SSRC
    /// Share of packets lost since the last report, in 256ths.
    package var fractionLost: UInt8
    /// Packets lost since the beginning, in 24 bits; duplicates may make it negative.
    package var cumulativeLost: Int32
    /// Highest sequence number received, with the number of cycles in the upper 16 bits.
    package var highestSequence: UInt32
    /// Variation of the transit time in timestamp units.
    package var jitter: UInt32
    /// Middle 32 bits of the NTP time in the last sender report; zero before the first.
    package var lastSenderReport: UInt32
    /// Time since that report in 1/65,536 s.
    package var delaySinceLastSenderReport: UInt32

    /// Bytes on the wire.
    static let length = 24

    /// Makes a block.
    package init(
        ssrc: SSRC, fractionLost: UInt8, cumulativeLost: Int32, highestSequence: UInt32, jitter: UInt32,
        lastSenderReport: UInt32, delaySinceLastSenderReport: UInt32
    ) {
        self.ssrc = ssrc
        self.fractionLost = fractionLost
        self.cumulativeLost = cumulativeLost
        self.highestSequence = highestSequence
        self.jitter = jitter
        self.lastSenderReport = lastSenderReport
        self.delaySinceLastSenderReport = delaySinceLastSenderReport
    }

    init?(parsing body: Span<UInt8>, at offset: Int) {
        guard let ssrc = body.uint32(at: offset),
            let fraction = body.byte(at: offset + 4),
            let lost = body.uint24(at: offset + 5),
            let highest = body.uint32(at: offset + 8),
            let jitter = body.uint32(at: offset + 12),
            let lastReport = body.uint32(at: offset + 16),
            let delay = body.uint32(at: offset + 20)
        else { return nil }
        self.init(
            ssrc: SSRC(ssrc), fractionLost: fraction,
            // Shifted up and down again to extend the sign of 24 bits.
            cumulativeLost: Int32(bitPattern: lost << 8) >> 8,
            highestSequence: highest, jitter: jitter, lastSenderReport: lastReport,
            delaySinceLastSenderReport: delay)
    }

    /// Reads `count` blocks from `offset` on; `nil` when they are not all there.
    static func parse(_ count: Int, from body: Span<UInt8>, at offset: Int) -> [ReportBlock]? {
        guard body.count >= offset + count * length else { return nil }
        var blocks: [ReportBlock] = []
        for index in 0..<count {
            guard let block = ReportBlock(parsing: body, at: offset + index * length) else { return nil }
            blocks.append(block)
        }
        return blocks
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(bigEndian: ssrc.value)
        let lost = UInt32(bitPattern: min(max(cumulativeLost, -0x80_0000), 0x7F_FFFF))
        bytes.append(bigEndian: UInt32(fractionLost) << 24 | lost & 0xFF_FFFF)
        bytes.append(bigEndian: highestSequence)
        bytes.append(bigEndian: jitter)
        bytes.append(bigEndian: lastSenderReport)
        bytes.append(bigEndian: delaySinceLastSenderReport)
    }
}
