/// How one packet appears in the chunks of a transport feedback (draft-holmer-rmcat-transport-wide-cc
/// §3.1.1).
enum StatusSymbol: UInt16 {
    case notReceived = 0
    /// A delta of one byte without sign follows.
    case smallDelta = 1
    /// A delta of two bytes with sign follows.
    case largeDelta = 2

    init(_ status: TransportFeedback.Status) {
        switch status {
        case .notReceived: self = .notReceived
        case .received(let delta): self = (0...255).contains(delta) ? .smallDelta : .largeDelta
        }
    }
}

/// Packs the symbols of a transport feedback into words of 16 bits, and unpacks them.
enum StatusChunk {
    /// Adds the symbols of one word, up to `limit` in all; false for the reserved symbol 3.
    static func append(_ word: UInt16, to symbols: inout [StatusSymbol], limit: Int) -> Bool {
        let room = limit - symbols.count
        if word & 0x8000 == 0 {
            // §3.1.3 run length: two bits of symbol, 13 of length.
            guard let symbol = StatusSymbol(rawValue: word >> 13) else { return false }
            symbols.append(contentsOf: repeatElement(symbol, count: min(Int(word & 0x1FFF), room)))
            // An empty run would let a packet of them never end.
            return word & 0x1FFF != 0
        }
        // §3.1.4 status vector: 14 symbols of one bit, or 7 of two.
        let width: UInt16 = word & 0x4000 == 0 ? 1 : 2
        var shift: UInt16 = 14
        for _ in 0..<min(Int(14 / width), room) {
            shift -= width
            guard let symbol = StatusSymbol(rawValue: word >> shift & (1 << width - 1)) else { return false }
            symbols.append(symbol)
        }
        return true
    }

    /// Adds the words that hold `symbols`: runs where they save space, else vectors.
    static func append(_ symbols: [StatusSymbol], to bytes: inout [UInt8]) {
        var index = 0
        while index < symbols.count {
            let rest = symbols[index...]
            let run = rest.prefix(0x1FFF).prefix { $0 == rest.first }.count
            let narrow = rest.prefix(14)
            let isNarrow = !narrow.contains(.largeDelta)
            if run >= (isNarrow ? 14 : 7) || run == rest.count {
                bytes.append(bigEndian: symbols[index].rawValue << 13 | UInt16(run))
                index += run
            } else if isNarrow {
                bytes.append(bigEndian: 0x8000 | vector(of: narrow, width: 1))
                index += narrow.count
            } else {
                let wide = rest.prefix(7)
                bytes.append(bigEndian: 0xC000 | vector(of: wide, width: 2))
                index += wide.count
            }
        }
    }

    /// Symbols of `width` bits from bit 13 down.
    private static func vector(of symbols: ArraySlice<StatusSymbol>, width: UInt16) -> UInt16 {
        var word: UInt16 = 0
        var shift: UInt16 = 14
        for symbol in symbols {
            shift -= width
            word |= symbol.rawValue << shift
        }
        return word
    }
}
