/// Packs numbers into bytes, their highest bit first. Its storage is used again.
struct BitWriter: Sendable {
    /// What was written; the last byte is filled up with zeros.
    private(set) var bytes: [UInt8] = []
    private var freeBits: UInt8 = 0

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        freeBits = 0
    }

    mutating func append(_ flag: Bool) { append(flag ? 1 : 0, bits: 1) }

    /// Adds the lowest `bits` of a number.
    mutating func append(_ value: Int, bits: Int) {
        for bit in (0..<bits).reversed() {
            if freeBits == 0 {
                bytes.append(0)
                freeBits = 8
            }
            freeBits -= 1
            if value >> bit & 1 != 0 { bytes[bytes.count - 1] |= 1 << freeBits }
        }
    }

    /// Adds one of `count` numbers; the lowest ones take a bit less if `count` is no power of two: ns(n) of the RTP payload
    /// format for AV1, Appendix A.
    mutating func append(_ value: Int, of count: Int) {
        let width = Int.bitWidth - count.leadingZeroBitCount
        let short = (1 << width) - count
        if value < short {
            append(value, bits: width - 1)
        } else {
            append(value + short, bits: width)
        }
    }
}
