package import MediaCore

/// Learns from when pictures are complete how long each has to wait so that they can be shown
/// evenly.
///
/// On a path without loss the wait is next to nothing. A picture that needed a retransmission
/// raises it at once to what that picture needed; calm halves it every ten seconds.
package struct VideoDelayEstimator: Sendable {
    /// Pictures later than this are shown late, and do not make all others wait.
    package static let maximum: Duration = .milliseconds(600)
    private static let halfLife: Duration = .seconds(10)

    private var unwrapper = TimestampUnwrapper()
    private var baseline: DelayBaseline
    private var lastUpdate: MonotonicTime?
    /// The wait wanted now, counted from when the fastest picture would be complete.
    package private(set) var target: Duration = .zero

    /// Makes an estimator for a media clock of `clockRate` Hz.
    package init(clockRate: Int) {
        baseline = DelayBaseline(clockRate: clockRate)
    }

    /// Takes a picture that is complete at `now`; answers when to show it.
    package mutating func receive(timestamp: UInt32, completeAt now: MonotonicTime) -> MonotonicTime {
        let time = unwrapper.unwrap(timestamp)
        let lateness = baseline.receive(timestamp: time, at: now)
        guard lateness < .seconds(3) else {
            // The sender's clock went back, or the path stood still: begin anew.
            baseline.reset()
            _ = baseline.receive(timestamp: time, at: now)
            return now
        }
        decay(to: now)
        target = max(target, min(lateness, Self.maximum))
        return max(now, (baseline.expectedArrival(of: time) ?? now) + target)
    }

    private mutating func decay(to now: MonotonicTime) {
        defer { lastUpdate = now }
        guard let lastUpdate, now > lastUpdate else { return }
        let share = min((now - lastUpdate).inSeconds / Self.halfLife.inSeconds, 1)
        target = target - .nanoseconds(Int64(Double(target.inNanoseconds) * share / 2))
    }
}
