/// A canonical Huffman code: RFC 1951 §3.2.2.
struct HuffmanTable {
    /// How many codes have each length, 0 to 15.
    private var counts = [Int](repeating: 0, count: 16)
    /// The symbols in order of their codes.
    private var symbols: [Int] = []

    /// Makes the code from the length of each symbol's code, or `nil` when the lengths describe too many codes.
    init?(lengths: [UInt8]) {
        for length in lengths {
            guard length < 16 else { return nil }
            counts[Int(length)] += 1
        }
        counts[0] = 0
        var left = 1
        for length in 1..<16 {
            left = left * 2 - counts[length]
            guard left >= 0 else { return nil }
        }
        for length in 1..<16 {
            symbols += lengths.indices.filter { Int(lengths[$0]) == length }
        }
    }

    /// Reads one symbol, or `nil` at the end of the input and for a code that stands for nothing.
    func next(_ bits: inout BitReader) -> Int? {
        var code = 0
        var first = 0
        var index = 0
        for length in 1..<16 {
            guard let bit = bits.take(1) else { return nil }
            code |= bit
            let count = counts[length]
            if code - first < count { return symbols[index + code - first] }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        return nil
    }

    /// The code of literals and lengths in blocks that carry none: RFC 1951 §3.2.6.
    static let fixedLiterals = HuffmanTable(
        known: [(8, 144), (9, 112), (7, 24), (8, 8)].flatMap { [UInt8](repeating: $0.0, count: $0.1) })
    /// The code of distances in blocks that carry none: RFC 1951 §3.2.6.
    static let fixedDistances = HuffmanTable(known: [UInt8](repeating: 5, count: 30))

    private init(known lengths: [UInt8]) {
        guard let table = HuffmanTable(lengths: lengths) else {
            preconditionFailure("a fixed code is not a code")
        }
        self = table
    }
}

/// Reads bits, lowest first, from part of a byte array: RFC 1951 §3.1.1.
struct BitReader {
    private let bytes: [UInt8]
    private let end: Int
    private var index: Int
    private var bit = 0

    /// Reads `bytes` in the given range, which the caller has checked.
    init(bytes: [UInt8], from start: Int, to end: Int) {
        self.bytes = bytes
        self.index = start
        self.end = min(end, bytes.count)
    }

    /// The next `count` bits, at most 16, or `nil` when there are fewer.
    mutating func take(_ count: Int) -> Int? {
        var value = 0
        for position in 0..<count {
            guard index < end else { return nil }
            value |= (Int(bytes[index]) >> bit & 1) << position
            bit += 1
            if bit == 8 {
                bit = 0
                index += 1
            }
        }
        return value
    }

    /// Skips to the next byte boundary.
    mutating func alignToByte() {
        guard bit > 0 else { return }
        bit = 0
        index += 1
    }
}

/// The checksum of gzip: RFC 1952 §8.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1 }
    }

    /// The checksum of `bytes`.
    static func of(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ sum >> 8 }
    }
}
