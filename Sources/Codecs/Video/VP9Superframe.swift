/// Where the pictures of a VP9 superframe are (VP9 bitstream Annex B).
enum VP9Superframe {
    /// The ranges its index names; one range of all bytes without an index, `nil` when it does not fit.
    static func parts(of bytes: [UInt8]) -> [Range<Int>]? {
        guard let marker = bytes.last, marker & 0xE0 == 0xC0 else { return [bytes.indices] }
        let count = Int(marker & 7) + 1
        let width = Int(marker >> 3 & 3) + 1
        let start = bytes.count - 2 - count * width
        guard start >= 0, bytes[start] == marker else { return [bytes.indices] }
        var parts: [Range<Int>] = []
        var offset = 0
        for index in 0..<count {
            let size = (0..<width).reduce(0) { $0 | Int(bytes[start + 1 + index * width + $1]) << (8 * $1) }
            guard size > 0, size <= start - offset else { return nil }
            parts.append(offset..<offset + size)
            offset += size
        }
        return parts
    }
}
