/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// `bytes` with one kind of damage: changed, cut short, repeated or stuffed.
    mutating func damage(_ bytes: [UInt8]) -> [UInt8] {
        var damaged = bytes
        guard !damaged.isEmpty else { return [UInt8.random(in: 0...255, using: &self)] }
        switch Int.random(in: 0..<5, using: &self) {
        case 0:
            damaged.removeLast(Int.random(in: 0..<damaged.count, using: &self))
        case 1:
            let start = Int.random(in: 0..<damaged.count, using: &self)
            damaged.insert(contentsOf: damaged[start...].prefix(16), at: start)
        case 2:
            for index in damaged.indices.prefix(8) {
                damaged[index] = UInt8.random(in: 0...255, using: &self)
            }
        default:
            for _ in 0..<Int.random(in: 1...6, using: &self) {
                damaged[Int.random(in: 0..<damaged.count, using: &self)] ^=
                    1 << UInt8.random(in: 0..<8, using: &self)
            }
        }
        return damaged
    }
}
