/// What a sender says about its stream, above all which wall clock time a timestamp stands for (RFC 3550
/// §6.4.1).
package struct SenderReport: Hashable, Sendable {
    /// The stream.
    package var ssrc: SSRC
    /// Wall clock of the sender when the report was made.
    package var ntp: NTPTime
    /// The same moment in timestamp units of the stream.
    package var timestamp: UInt32
    /// Packets sent since the beginning.
    package var packetCount: UInt32
    /// Payload bytes sent since the beginning.
    package var octetCount: UInt32
    /// What it receives itself: at most 31 blocks.
    package var blocks: [ReportBlock]

    /// Makes a report.
    package init(
        ssrc: SSRC, ntp: NTPTime, timestamp: UInt32, packetCount: UInt32, octetCount: UInt32,
        blocks: [ReportBlock] = []
    ) {
        self.ssrc = ssrc
        self.ntp = ntp
        self.timestamp = timestamp
        self.packetCount = packetCount
        self.octetCount = octetCount
        self.blocks = blocks
    }

    init?(parsing body: Span<UInt8>, blockCount: Int) {
        guard let ssrc = body.uint32(at: 0),
            let ntp = body.uint64(at: 4),
            let timestamp = body.uint32(at: 12),
            let packetCount = body.uint32(at: 16),
            let octetCount = body.uint32(at: 20),
            let blocks = ReportBlock.parse(blockCount, from: body, at: 24)
        else { return nil }
        self.init(
            ssrc: SSRC(ssrc), ntp: NTPTime(value: ntp), timestamp: timestamp, packetCount: packetCount,
            octetCount: octetCount, blocks: blocks)
    }

    func append(to bytes: inout [UInt8]) {
        let blocks = blocks.prefix(31)
        bytes.appendPacket(type: RTCPType.senderReport, format: UInt8(blocks.count)) { body in
            body.append(bigEndian: ssrc.value)
            body.append(bigEndian: ntp.value)
            body.append(bigEndian: timestamp)
            body.append(bigEndian: packetCount)
            body.append(bigEndian: octetCount)
            for block in blocks { block.append(to: &body) }
        }
    }
}
