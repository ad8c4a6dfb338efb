/// Compresses join requests (RFC 1951, RFC 1952).
///
/// A first offer makes the request line of the upgrade longer than some reverse proxies take, and
/// SDP repeats itself a lot. One block with the fixed codes is enough for that, and is a tenth of a
/// general compressor.
enum Gzip {
    /// The bytes as a gzip member.
    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        // RFC 1952 §2.3: deflate, no flags, no time, no operating system.
        var output: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        output += DeflateEncoder.encode(bytes)
        output.appendLittleEndian(checksum(bytes))
        output.appendLittleEndian(UInt32(truncatingIfNeeded: bytes.count))
        return output
    }

    /// CRC-32 (RFC 1952 §8).
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var remainder = UInt32.max
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 {
                remainder = remainder & 1 == 0 ? remainder >> 1 : (remainder >> 1) ^ 0xEDB8_8320
            }
        }
        return ~remainder
    }
}

/// Finds repetitions and writes them with the fixed codes (RFC 1951 §3.2.6).
private struct DeflateEncoder {
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163,
        195, 227, 258,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
        4097,
        6145, 8193, 12_289, 16_385, 24_577,
    ]
    private static let longestMatch = 258
    private static let farthestMatch = 32_768
    /// Earlier places looked at for one match.
    private static let patience = 32

    private var output = BitWriter()
    /// The last place of each group of three bytes, and the place before each place.
    private var lastPlaces: [UInt32: Int] = [:]
    private var placesBefore: [Int]

    private init(count: Int) {
        placesBefore = Array(repeating: -1, count: count)
    }

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var encoder = DeflateEncoder(count: bytes.count)
        // The last block, with fixed codes.
        encoder.output.append(1, bits: 1)
        encoder.output.append(1, bits: 2)
        var place = 0
        while place < bytes.count {
            let match = encoder.longestMatch(in: bytes, at: place)
            if let match {
                encoder.append(match)
            } else {
                encoder.append(symbol: Int(bytes[place]))
            }
            for passed in place..<place + (match?.length ?? 1) { encoder.remember(passed, in: bytes) }
            place += match?.length ?? 1
        }
        // End of block.
        encoder.append(symbol: 256)
        return encoder.output.finished()
    }

    private func key(_ bytes: [UInt8], _ place: Int) -> UInt32? {
        guard place + 2 < bytes.count else { return nil }
        return UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2])
    }

    private mutating func remember(_ place: Int, in bytes: [UInt8]) {
        guard let key = key(bytes, place) else { return }
        placesBefore[place] = lastPlaces.updateValue(place, forKey: key) ?? -1
    }

    private func longestMatch(in bytes: [UInt8], at place: Int) -> (length: Int, distance: Int)? {
        guard let key = key(bytes, place) else { return nil }
        var best: (length: Int, distance: Int)?
        var candidate = lastPlaces[key] ?? -1
        var tries = 0
        while candidate >= 0, place - candidate <= Self.farthestMatch, tries < Self.patience {
            var length = 3
            while length < Self.longestMatch, place + length < bytes.count,
                bytes[candidate + length] == bytes[place + length]
            { length += 1 }
            if length > best?.length ?? 0 { best = (length, place - candidate) }
            candidate = placesBefore[candidate]
            tries += 1
        }
        return best
    }

    private mutating func append(_ match: (length: Int, distance: Int)) {
        let length = Self.lengthBases.lastIndex { $0 <= match.length } ?? 0
        append(symbol: 257 + length)
        // RFC 1951 §3.2.5: the longest match has a code of its own.
        let lengthBits = length < 8 || length == 28 ? 0 : length / 4 - 1
        output.append(match.length - Self.lengthBases[length], bits: lengthBits)
        let distance = Self.distanceBases.lastIndex { $0 <= match.distance } ?? 0
        output.append(code: distance, bits: 5)
        output.append(match.distance - Self.distanceBases[distance], bits: max(0, distance / 2 - 1))
    }

    private mutating func append(symbol: Int) {
        switch symbol {
        case ..<144: output.append(code: 0x30 + symbol, bits: 8)
        case ..<256: output.append(code: 0x190 + symbol - 144, bits: 9)
        case ..<280: output.append(code: symbol - 256, bits: 7)
        default: output.append(code: 0xC0 + symbol - 280, bits: 8)
        }
    }
}

/// Fills bytes from their lowest bit on (RFC 1951 §3.1.1).
private struct BitWriter {
    private var bytes: [UInt8] = []
    private var pending: UInt32 = 0
    private var pendingCount = 0

    /// Appends a number, its lowest bit first.
    mutating func append(_ value: Int, bits: Int) {
        pending |= UInt32(truncatingIfNeeded: value) << UInt32(pendingCount)
        pendingCount += bits
        while pendingCount >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            pendingCount -= 8
        }
    }

    /// Appends a Huffman code, its highest bit first.
    mutating func append(code: Int, bits: Int) {
        for bit in stride(from: bits - 1, through: 0, by: -1) { append(code >> bit & 1, bits: 1) }
    }

    /// The bytes, the last one filled up with zeros.
    func finished() -> [UInt8] {
        pendingCount == 0 ? bytes : bytes + [UInt8(truncatingIfNeeded: pending)]
    }
}

extension [UInt8] {
    fileprivate mutating func appendLittleEndian(_ value: UInt32) {
        for shift in stride(from: 0, to: 32, by: 8) {
            append(UInt8(truncatingIfNeeded: value >> UInt32(shift)))
        }
    }
}
