/// What somebody who does not send says about what it receives (RFC 3550 §6.4.2).
package struct ReceiverReport: Hashable, Sendable {
    /// Who reports.
    package var ssrc: SSRC
    /// What it receives: at most 31 blocks.
    package var blocks: [ReportBlock]

    /// Makes a report.
    package init(ssrc: SSRC, blocks: [ReportBlock] = []) {
        self.ssrc = ssrc
        self.blocks = blocks
    }

    init?(parsing body: Span<UInt8>, blockCount: Int) {
        guard let ssrc = body.uint32(at: 0),
            let blocks = ReportBlock.parse(blockCount, from: body, at: 4)
        else { return nil }
        self.init(ssrc: SSRC(ssrc), blocks: blocks)
    }

    func append(to bytes: inout [UInt8]) {
        let blocks = blocks.prefix(31)
        bytes.appendPacket(type: RTCPType.receiverReport, format: UInt8(blocks.count)) { body in
            body.append(bigEndian: ssrc.value)
            for block in blocks { block.append(to: &body) }
        }
    }
}
