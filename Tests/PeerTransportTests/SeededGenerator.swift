/// Random numbers that repeat: a failure prints its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension [UInt8] {
    /// A copy with one to four changes: a flipped bit, another byte, a cut, a repeated or an inserted part.
    func mutated(using random: inout SeededGenerator) -> [UInt8] {
        var copy = self
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard let index = copy.indices.randomElement(using: &random) else { break }
            switch Int.random(in: 0..<6, using: &random) {
            case 0: copy[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: copy[index] = .random(in: 0...255, using: &random)
            case 2: copy.removeSubrange(index...)
            case 3: copy.remove(at: index)
            case 4: copy.insert(contentsOf: copy[index...].prefix(16), at: index)
            default: copy[index] = [0x00, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
            }
        }
        return copy
    }
}
