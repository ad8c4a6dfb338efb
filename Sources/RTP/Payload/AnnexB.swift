import MediaCore

/// The byte stream form of H.264: units behind start codes (H.264 Annex B).
enum AnnexB {
    /// Where the units are, without start codes and without the zeros behind them; empty units are left out.
    static func units(of bytes: Span<UInt8>) -> [Range<Int>] {
        var units: [Range<Int>] = []
        var start: Int?
        var zeros = 0
        for index in 0..<bytes.count {
            let byte = bytes[index]
            if byte == 0 {
                zeros += 1
            } else {
                if byte == 1, zeros >= 2 {
                    if let start, index - zeros > start { units.append(start..<index - zeros) }
                    start = index + 1
                }
                zeros = 0
            }
        }
        if let start, bytes.count - zeros > start { units.append(start..<bytes.count - zeros) }
        return units
    }
}
