internal import MediaCore

/// Divides what the path carries: sound first, the rest among the pictures in proportion to what
/// they would like.
struct SendShares {
    /// What the headers of sound take: 68 bytes, 50 times a second.
    private static let soundHeaders = Bitrate.kilobits(28)
    /// The share of a picture's packets that is picture; the rest are headers.
    private static let content = 0.94
    /// Less makes no picture.
    static let least = Bitrate.kilobits(30)
    /// Room for repeats and key frames above what is published.
    private static let margin = 1.2

    /// What all sound takes.
    private(set) var sound = Bitrate.zero
    /// What each track of pictures takes at most.
    var maximums: [Bitrate] = []

    /// Adds a track of sound; copies of the sound before go along with it (RFC 2198).
    mutating func addSound(_ bitrate: Bitrate, isCopied: Bool) {
        sound = sound + bitrate * (isCopied ? 2 : 1) + Self.soundHeaders
    }

    /// More than this need not be estimated.
    var ceiling: Bitrate {
        (maximums.reduce(.zero, +) * (1 / Self.content) + sound) * Self.margin + .kilobits(50)
    }

    /// What each track of pictures may take, never above its maximum.
    func bitrates(of estimate: Bitrate) -> [Bitrate] {
        let left = Bitrate(bitsPerSecond: estimate.bitsPerSecond - sound.bitsPerSecond) * Self.content
        let wanted = maximums.reduce(.zero, +)
        guard wanted > left else { return maximums }
        let factor = Double(left.bitsPerSecond) / Double(wanted.bitsPerSecond)
        return maximums.map { min($0, max(Self.least, $0 * factor)) }
    }
}
