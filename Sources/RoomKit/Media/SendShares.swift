internal import MediaCore
internal import RTP

/// Divides what the path carries: sound first, the rest among the pictures in proportion to what
/// they would like.
///
/// What has just begun to be sent takes only what the others leave: the estimate was never to exceed what they needed,
/// so they would be halved for nothing, until it has been found out that the path carries more.
struct SendShares {
    /// What the headers of sound take: 68 bytes, 50 times a second.
    private static let soundHeaders = Bitrate.kilobits(28)
    /// The share of a picture's packets that is picture; the rest are headers.
    private static let content = 0.94
    /// Less makes no picture.
    static let least = Bitrate.kilobits(30)
    /// Room for repeats and key frames above what is published.
    private static let margin = 1.2

    /// What all sound takes, with its copies.
    private(set) var sound = Bitrate.zero
    /// What the copies take of it.
    private(set) var copies = Bitrate.zero
    /// What each track of pictures takes at most.
    var maximums: [Bitrate] = []
    /// Which of them have just begun.
    var newcomers: Set<Int> = []
    /// How long a track of pictures is a newcomer.
    static let settling = Duration.seconds(2)

    /// Adds a track of sound; copies of the sound before go along with it (RFC 2198).
    mutating func addSound(_ bitrate: Bitrate, isCopied: Bool) {
        sound = sound + bitrate * (isCopied ? 2 : 1) + Self.soundHeaders
        if isCopied { copies = copies + bitrate }
    }

    /// More than this need not be estimated.
    var ceiling: Bitrate {
        (maximums.reduce(.zero, +) * (1 / Self.content) + sound) * Self.margin + .kilobits(50)
    }

    /// What each track of pictures may take, never above its maximum.
    func bitrates(of estimate: Bitrate) -> [Bitrate] {
        // On a narrow path sound goes without copies.
        let saved = LossExpectation.affordableCopies(within: estimate) == 0 ? copies : .zero
        let used = sound.bitsPerSecond - saved.bitsPerSecond
        let left = Bitrate(bitsPerSecond: estimate.bitsPerSecond - used) * Self.content
        let wanted = maximums.reduce(.zero, +)
        guard wanted > left else { return maximums }
        let settled = maximums.indices.filter { !newcomers.contains($0) }
        guard settled.count < maximums.count else { return divide(left, among: settled) }
        var bitrates = divide(left - Self.least * Double(newcomers.count), among: settled)
        let given = bitrates.reduce(.zero, +)
        for (index, bitrate) in zip(maximums.indices, divide(left - given, among: Array(newcomers)))
        where newcomers.contains(index) {
            bitrates[index] = bitrate
        }
        return bitrates
    }

    /// Shares of some in proportion to what they would like; the others get nothing.
    private func divide(_ bitrate: Bitrate, among some: [Int]) -> [Bitrate] {
        let wanted = some.reduce(.zero) { $0 + maximums[$1] }
        let factor = min(1, Double(bitrate.bitsPerSecond) / Double(max(1, wanted.bitsPerSecond)))
        return maximums.enumerated().map { index, maximum in
            some.contains(index) ? min(maximum, max(Self.least, maximum * factor)) : .zero
        }
    }
}

extension Bitrate {
    fileprivate static func - (left: Bitrate, right: Bitrate) -> Bitrate {
        Bitrate(bitsPerSecond: max(0, left.bitsPerSecond - right.bitsPerSecond))
    }
}
