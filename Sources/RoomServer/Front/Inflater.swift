/// Unpacks DEFLATE (RFC 1951) and gzip (RFC 1952) from memory, with a bound on what comes out.
///
/// It serves the one compressed thing a client sends, its join request: a few kilobytes, once. Nothing in the input
/// can trap it or make it grow beyond `limit`.
struct Inflater {
    private var bits: BitReader
    private var output: [UInt8] = []
    private let limit: Int

    /// The contents of a gzip member, or `nil` when it is damaged or larger than `limit`.
    static func gunzip(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        guard let start = gzipPayloadStart(bytes), bytes.count >= start + 8 else { return nil }
        var inflater = Inflater(bits: BitReader(bytes: bytes, from: start, to: bytes.count - 8), limit: limit)
        guard inflater.run() else { return nil }
        let sum = bytes.suffix(8).prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return CRC32.of(inflater.output) == sum ? inflater.output : nil
    }

    private init(bits: BitReader, limit: Int) {
        self.bits = bits
        self.limit = limit
    }

    /// Where the deflate stream begins: RFC 1952 §2.3 with its optional fields.
    private static func gzipPayloadStart(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 18, bytes[0] == 0x1F, bytes[1] == 0x8B, bytes[2] == 8 else { return nil }
        let flags = bytes[3]
        var index = 10
        if flags & 0x04 != 0 { index += 2 + Int(bytes[10]) + Int(bytes[11]) << 8 }
        for flag in [UInt8(0x08), 0x10] where flags & flag != 0 {
            guard index < bytes.count, let end = bytes[index...].firstIndex(of: 0) else { return nil }
            index = end + 1
        }
        if flags & 0x02 != 0 { index += 2 }
        return index <= bytes.count ? index : nil
    }

    private mutating func run() -> Bool {
        var isLast = false
        while !isLast {
            guard let last = bits.take(1), let kind = bits.take(2) else { return false }
            isLast = last == 1
            let isGood =
                switch kind {
                case 0: copyStored()
                case 1: expand(literals: .fixedLiterals, distances: .fixedDistances)
                case 2: expandDynamic()
                default: false
                }
            guard isGood else { return false }
        }
        return true
    }

    // RFC 1951 §3.2.4
    private mutating func copyStored() -> Bool {
        bits.alignToByte()
        guard let length = bits.take(16), let check = bits.take(16), length == ~check & 0xFFFF,
            output.count + length <= limit
        else { return false }
        for _ in 0..<length {
            guard let byte = bits.take(8) else { return false }
            output.append(UInt8(byte))
        }
        return true
    }

    // RFC 1951 §3.2.7
    private mutating func expandDynamic() -> Bool {
        guard let literalCount = bits.take(5), let distanceCount = bits.take(5), let codeCount = bits.take(4)
        else {
            return false
        }
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        var codeLengths = [UInt8](repeating: 0, count: 19)
        for index in 0..<(codeCount + 4) {
            guard let length = bits.take(3) else { return false }
            codeLengths[order[index]] = UInt8(length)
        }
        guard let codes = HuffmanTable(lengths: codeLengths) else { return false }
        let total = literalCount + 257 + distanceCount + 1
        guard let lengths = readLengths(total, codes) else { return false }
        guard let literals = HuffmanTable(lengths: Array(lengths.prefix(literalCount + 257))),
            let distances = HuffmanTable(lengths: Array(lengths.suffix(distanceCount + 1)))
        else { return false }
        return expand(literals: literals, distances: distances)
    }

    private mutating func readLengths(_ total: Int, _ codes: HuffmanTable) -> [UInt8]? {
        var lengths: [UInt8] = []
        while lengths.count < total {
            guard let symbol = codes.next(&bits) else { return nil }
            let (value, bitCount, base): (UInt8, Int, Int)
            switch symbol {
            case 0...15: (value, bitCount, base) = (UInt8(symbol), 0, 1)
            case 16:
                guard let previous = lengths.last else { return nil }
                (value, bitCount, base) = (previous, 2, 3)
            case 17: (value, bitCount, base) = (0, 3, 3)
            default: (value, bitCount, base) = (0, 7, 11)
            }
            guard let extra = bits.take(bitCount), lengths.count + base + extra <= total else { return nil }
            lengths.append(contentsOf: repeatElement(value, count: base + extra))
        }
        return lengths
    }

    // RFC 1951 §3.2.5
    private mutating func expand(literals: HuffmanTable, distances: HuffmanTable) -> Bool {
        while let symbol = literals.next(&bits) {
            switch symbol {
            case 0..<256:
                guard output.count < limit else { return false }
                output.append(UInt8(symbol))
            case 256:
                return true
            default:
                guard let length = Self.lengths.value(symbol - 257, &bits), let code = distances.next(&bits),
                    let distance = Self.distances.value(code, &bits), copy(length, from: distance)
                else { return false }
            }
        }
        return false
    }

    private mutating func copy(_ length: Int, from distance: Int) -> Bool {
        guard distance <= output.count, output.count + length <= limit else { return false }
        for _ in 0..<length { output.append(output[output.count - distance]) }
        return true
    }

    private static let lengths = ExtraBitsTable(
        bases: [
            3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
            163, 195, 227, 258,
        ],
        extra: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0])
    private static let distances = ExtraBitsTable(
        bases: [
            1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
            3073, 4097,
            6145, 8193, 12289, 16385, 24577,
        ],
        extra: [
            0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
        ])
}

/// A base value and a number of extra bits for each symbol.
private struct ExtraBitsTable {
    let bases: [Int]
    let extra: [Int]

    func value(_ symbol: Int, _ bits: inout BitReader) -> Int? {
        guard bases.indices.contains(symbol), let more = bits.take(extra[symbol]) else { return nil }
        return bases[symbol] + more
    }
}
