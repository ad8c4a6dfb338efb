internal import MediaCore

/// Divides what the path carries: sound first, the rest among the pictures in proportion to what
/// they would like.
struct SendShares {
    /// What one track of sound takes, with headers.
    static let audio = Bitrate.kilobits(48)
    /// Less makes no picture.
    static let least = Bitrate.kilobits(30)
    /// Room above the published rates for headers, repeats and key frames.
    private static let margin = 1.5

    /// Tracks of sound.
    var audioTrackCount: Int
    /// What each track of pictures takes at most.
    var maximums: [Bitrate] = []

    /// More than this need not be estimated.
    var ceiling: Bitrate {
        (maximums.reduce(.zero, +) + Self.audio * Double(audioTrackCount)) * Self.margin + .kilobits(200)
    }

    /// What each track of pictures may take, never above its maximum.
    func bitrates(of estimate: Bitrate) -> [Bitrate] {
        let sound = Self.audio * Double(audioTrackCount)
        let left = Bitrate(bitsPerSecond: estimate.bitsPerSecond - sound.bitsPerSecond)
        let wanted = maximums.reduce(.zero, +)
        guard wanted > left else { return maximums }
        let factor = Double(left.bitsPerSecond) / Double(wanted.bitsPerSecond)
        return maximums.map { min($0, max(Self.least, $0 * factor)) }
    }
}
