import MediaCore
import TestSupport

extension [UInt8] {
    /// A copy with one kind of damage that a decoder meets: changed, cut short, repeated or stuffed.
    func damagedAsMedia(using random: inout SeededGenerator) -> [UInt8] {
        var damaged = self
        guard !damaged.isEmpty else { return [UInt8.random(in: 0...255, using: &random)] }
        switch Int.random(in: 0..<5, using: &random) {
        case 0:
            damaged.removeLast(Int.random(in: 0..<damaged.count, using: &random))
        case 1:
            let start = Int.random(in: 0..<damaged.count, using: &random)
            damaged.insert(contentsOf: damaged[start...].prefix(16), at: start)
        case 2:
            for index in damaged.indices.prefix(8) {
                damaged[index] = UInt8.random(in: 0...255, using: &random)
            }
        default:
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                damaged[Int.random(in: 0..<damaged.count, using: &random)] ^=
                    1 << UInt8.random(in: 0..<8, using: &random)
            }
        }
        return damaged
    }
}
