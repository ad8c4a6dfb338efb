/// Sound with copies of earlier sound in one packet (RFC 2198 §3). It is stored inline.
package struct REDPayload: Sendable {
    /// One packet of sound inside the payload.
    package struct Block: Hashable, Sendable {
        /// How it is to be read.
        package let payloadType: PayloadType
        /// How much older it is than the timestamp of the RTP packet: 14 bits, zero for the primary.
        package let timestampOffset: UInt32
        /// Where it lies in the payload; may be empty.
        package let range: Range<Int>
    }

    /// The sound the RTP packet was sent for.
    package let primary: Block
    /// Number of copies of earlier sound.
    package let redundantCount: Int
    private let blocks: InlineArray<8, Block>

    /// Reads the headers of a payload; `nil` when lengths do not fit or there are more than eight copies.
    package init?(parsing payload: Span<UInt8>) {
        let nothing = Block(payloadType: PayloadType(0), timestampOffset: 0, range: 0..<0)
        var blocks = InlineArray<8, Block>(repeating: nothing)
        var count = 0
        // First pass: the headers of four bytes, with the lengths as ranges from zero.
        while let first = payload.byte(at: 4 * count), first & 0x80 != 0 {
            guard count < 8, let word = payload.uint32(at: 4 * count) else { return nil }
            blocks[count] = Block(
                payloadType: PayloadType(first), timestampOffset: word >> 10 & 0x3FFF,
                range: 0..<Int(word & 0x3FF))
            count += 1
        }
        guard let last = payload.byte(at: 4 * count) else { return nil }
        // Second pass: the blocks follow the headers in the same order.
        var offset = 4 * count + 1
        for index in 0..<count {
            let block = blocks[index]
            let range = offset..<offset + block.range.count
            blocks[index] = Block(
                payloadType: block.payloadType, timestampOffset: block.timestampOffset, range: range)
            offset = range.upperBound
        }
        guard offset <= payload.count else { return nil }
        primary = Block(payloadType: PayloadType(last), timestampOffset: 0, range: offset..<payload.count)
        redundantCount = count
        self.blocks = blocks
    }

    /// A copy of earlier sound, oldest first; `nil` beyond `redundantCount`.
    package func redundant(at index: Int) -> Block? {
        index >= 0 && index < redundantCount ? blocks[index] : nil
    }
}
