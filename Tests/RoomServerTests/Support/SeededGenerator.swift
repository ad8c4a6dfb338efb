/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A damaged copy of `bytes`: a few bytes changed, cut off or added.
    mutating func damage(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            let value = UInt8.random(in: 0...255, using: &self)
            guard let index = bytes.indices.randomElement(using: &self) else { return [value] }
            switch Int.random(in: 0..<4, using: &self) {
            case 0: bytes[index] ^= 1 << (value & 7)
            case 1: bytes[index] = value
            case 2: bytes.removeSubrange(index...)
            default: bytes.insert(value, at: index)
            }
        }
        return bytes
    }
}
