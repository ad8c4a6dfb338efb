extension [UInt8] {
    /// A copy with one to four changes, as networks and attackers make them: a flipped bit, another byte, a byte
    /// less or more, a cut, a repeated part.
    package func damaged(using random: inout some RandomNumberGenerator) -> [UInt8] {
        var copy = self
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard let index = copy.indices.randomElement(using: &random) else { break }
            switch Int.random(in: 0..<7, using: &random) {
            case 0: copy[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: copy[index] = .random(in: 0...255, using: &random)
            case 2: copy.removeSubrange(index...)
            case 3: copy.remove(at: index)
            case 4: copy.insert(contentsOf: copy[index...].prefix(16), at: index)
            case 5: copy.insert(.random(in: 0...255, using: &random), at: index)
            default: copy[index] = [0x00, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
            }
        }
        return copy
    }
}
