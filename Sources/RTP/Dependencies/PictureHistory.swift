/// The numbers of the frames of the last eight pictures since a key picture. It is stored inline.
struct PictureHistory: Sendable {
    private var firsts = SIMD8<UInt16>()
    private var counts = SIMD8<UInt8>()
    private var next = 0
    private var known = 0

    /// Adds a picture, with the number of the frame of its smallest size and how many sizes it has.
    mutating func append(first: UInt16, count: Int) {
        firsts[next] = first
        counts[next] = UInt8(truncatingIfNeeded: count)
        next = (next + 1) % 8
        known = min(known + 1, 8)
    }

    /// The first frame of a picture that lies so many pictures back, if it has at least `count` sizes.
    func first(back distance: Int, havingSizes count: Int) -> UInt16? {
        guard (1...8).contains(distance), distance <= known else { return nil }
        let place = (next + 8 - distance) % 8
        return Int(counts[place]) >= count ? firsts[place] : nil
    }
}
