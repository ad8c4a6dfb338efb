import MediaCore

/// Damages packets the way networks and attackers do: flipped bits, other bytes, cuts and additions.
struct Mutations {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// A damaged copy of one of `originals`.
    mutating func next(of originals: [[UInt8]]) -> [UInt8] {
        var bytes = originals[Int.random(in: originals.indices, using: &generator)]
        for _ in 0..<Int.random(in: 1...4, using: &generator) { damage(&bytes) }
        return bytes
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        let byte = UInt8.random(in: 0...255, using: &generator)
        guard let index = bytes.indices.randomElement(using: &generator) else { return bytes.append(byte) }
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[index] ^= 1 << (byte & 7)
        case 1: bytes[index] = byte
        case 2: bytes[index] = byte & 1 == 0 ? 0 : 0xFF
        case 3: bytes.removeSubrange(index...)
        default: bytes.insert(byte, at: index)
        }
    }
}
