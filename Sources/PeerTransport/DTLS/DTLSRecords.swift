/// Finds record borders in what OpenSSL wrote, because a memory BIO forgets datagram borders.
enum DTLSRecords {
    /// Type, version, epoch, sequence number and length (RFC 6347 §4.1).
    static let headerLength = 13

    /// Groups whole records into datagrams of at most `limit` bytes; a longer record goes alone.
    static func datagrams(from bytes: [UInt8], limit: Int) -> [ArraySlice<UInt8>] {
        var result: [ArraySlice<UInt8>] = []
        var start = 0
        var end = 0
        while let next = endOfRecord(in: bytes, at: end) {
            if next - start > limit, end > start {
                result.append(bytes[start..<end])
                start = end
            }
            end = next
        }
        if end > start { result.append(bytes[start..<end]) }
        return result
    }

    private static func endOfRecord(in bytes: [UInt8], at start: Int) -> Int? {
        guard bytes.count - start >= headerLength else { return nil }
        let length = Int(bytes[start + 11]) << 8 | Int(bytes[start + 12])
        let end = start + headerLength + length
        return end <= bytes.count ? end : nil
    }
}
