/// Up to 16 bytes of text, stored inline: the MID and RID of a packet without a heap allocation.
package struct ShortText: Hashable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    /// Number of bytes, at most 16.
    package private(set) var count = 0

    /// Makes a text from bytes; `nil` when there are more than 16.
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count <= 16 else { return nil }
        for index in bytes.indices { append(bytes[index]) }
    }

    /// Makes a text from a string; `nil` when it takes more than 16 bytes.
    package init?(_ string: String) {
        guard string.utf8.count <= 16 else { return nil }
        for byte in string.utf8 { append(byte) }
    }

    /// The byte at `index`; zero behind the end.
    package subscript(index: Int) -> UInt8 {
        switch index {
        case 0..<8: UInt8(truncatingIfNeeded: low >> UInt64(8 * index))
        case 8..<16: UInt8(truncatingIfNeeded: high >> UInt64(8 * (index - 8)))
        default: 0
        }
    }

    /// The text; bytes that are not UTF-8 are repaired.
    package var string: String {
        String(decoding: (0..<count).map { self[$0] }, as: UTF8.self)
    }

    private mutating func append(_ byte: UInt8) {
        if count < 8 {
            low |= UInt64(byte) << UInt64(8 * count)
        } else if count < 16 {
            high |= UInt64(byte) << UInt64(8 * (count - 8))
        } else {
            return
        }
        count += 1
    }
}

extension ShortText: ExpressibleByStringLiteral, CustomStringConvertible {
    /// Makes a text from a literal, cut after 16 bytes.
    package init(stringLiteral value: StaticString) {
        for byte in value.description.utf8.prefix(16) { append(byte) }
    }

    package var description: String { string }
}
