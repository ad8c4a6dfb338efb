import MediaCore

/// The sizes one VP9 stream carries at once, and how they share its bitrate.
///
/// Each is half as wide and high as the next and gets a third of its bitrate, as LiveKit announces them. Sizes that
/// would get too little are left out from the top.
struct VP9Sizes: Sendable {
    /// Width and height, lowest first.
    let sizes: [(width: Int, height: Int)]
    /// How many of them are encoded, from the lowest.
    private(set) var activeCount: Int
    /// How many somebody watches.
    var watchedCount: Int

    /// Rate above what a size needs before it is taken in again, so that it does not come and go.
    private static let margin = 1.25

    /// Takes the largest size, of even width and height; screens have only that one, because small text is of no use.
    init(width: Int, height: Int, isScreen: Bool) {
        let long = max(width, height)
        let count = isScreen ? 1 : long >= 960 ? 3 : long >= 480 ? 2 : 1
        sizes = (0..<count).map { index in
            let shift = count - 1 - index
            return (Self.even(width >> shift), Self.even(height >> shift))
        }
        activeCount = count
        watchedCount = count
    }

    /// The part of the bitrate that one of `count` sizes gets.
    static func share(ofSize index: Int, of count: Int) -> Double {
        Double(weight(index + 1) - weight(index)) / Double(max(1, weight(count)))
    }

    /// Chooses how many sizes a bitrate suffices for; true when that changes.
    mutating func choose(for bitrate: Bitrate) -> Bool {
        let before = activeCount
        let limit = min(max(1, watchedCount), sizes.count)
        activeCount = min(activeCount, limit)
        while activeCount > 1, bitrate.bitsPerSecond < Self.need(sizes, count: activeCount) {
            activeCount -= 1
        }
        while activeCount < limit,
            Double(bitrate.bitsPerSecond) > Double(Self.need(sizes, count: activeCount + 1)) * Self.margin
        {
            activeCount += 1
        }
        return activeCount != before
    }

    /// Kilobits per second of each size; zero for those that are left out.
    func shares(of bitrate: Bitrate) -> [Int] {
        let whole = Self.weight(activeCount)
        return sizes.indices.map { index in
            guard index < activeCount else { return 0 }
            let part = Self.weight(index + 1) - Self.weight(index)
            return max(1, Int(bitrate.kilobitsPerSecond) * part / whole)
        }
    }

    /// libvpx rounds up.
    private static func even(_ length: Int) -> Int { max(2, length + length % 2) }

    /// 1, 3, 9, ... added up.
    private static func weight(_ count: Int) -> Int { (0..<count).reduce(0) { sum, _ in sum * 3 + 1 } }

    /// Bits per second below which the largest of `count` sizes looks worse than the one below, scaled up.
    private static func need(_ sizes: [(width: Int, height: Int)], count: Int) -> Int {
        guard count > 1 else { return 0 }
        let pixels = Double(sizes[count - 1].width * sizes[count - 1].height)
        let forTop = max(30_000, 600 * pixels.squareRoot() - 95_000)
        return Int(forTop / share(ofSize: count - 1, of: count))
    }
}
