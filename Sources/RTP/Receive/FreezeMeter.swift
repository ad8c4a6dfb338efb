package import MediaCore

/// Counts freezes and frozen time the standard way (W3C webrtc-stats, `freezeCount`).
///
/// The picture is frozen when the next one comes later than three times the average gap and later than
/// the average and 150 ms; the average is that of the last 30 gaps. A picture that comes after more than
/// five seconds ends a pause, not a freeze.
package struct FreezeMeter: Sendable {
    private static let window = 30
    private static let tolerance: Duration = .milliseconds(150)
    private static let longestFreeze: Duration = .seconds(5)

    /// The last gaps, in a ring.
    private var gaps: [Duration] = []
    private var oldest = 0
    private var sum: Duration = .zero
    private var lastShown: MonotonicTime?
    /// Freezes so far.
    package private(set) var count = 0
    /// How long they took together.
    package private(set) var total: Duration = .zero
    /// The longest of them.
    package private(set) var longest: Duration = .zero

    /// Makes a meter that has seen nothing.
    package init() {
        gaps.reserveCapacity(Self.window)
    }

    /// Takes a picture that is shown at `time`.
    package mutating func show(at time: MonotonicTime) {
        defer { lastShown = max(time, lastShown ?? time) }
        guard let lastShown else { return }
        let gap = max(time - lastShown, .zero)
        guard gap <= Self.longestFreeze else { return }
        if !gaps.isEmpty {
            let average = sum / gaps.count
            if gap > max(average * 3, average + Self.tolerance) {
                count += 1
                total += gap
                longest = max(longest, gap)
            }
        }
        remember(gap)
    }

    private mutating func remember(_ gap: Duration) {
        sum += gap
        guard gaps.count == Self.window else { return gaps.append(gap) }
        sum -= gaps[oldest]
        gaps[oldest] = gap
        oldest = (oldest + 1) % Self.window
    }
}
