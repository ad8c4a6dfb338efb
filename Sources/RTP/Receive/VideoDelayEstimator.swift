package import MediaCore

/// Learns from when pictures are complete how long each has to wait so that they can be shown
/// evenly.
///
/// The wait is what nearly all pictures of the last seconds needed, so a lossy path with
/// retransmissions is shown with a steady delay; the few that need longer are shown late, which costs
/// less than making all others wait for them. It grows at once and shrinks slowly. On a path where
/// pictures are hardly late at all nothing waits. Pictures that were held up together, behind one packet or by one
/// standstill, count as three at most: they say little about those to come.
package struct VideoDelayEstimator: Sendable {
    /// Pictures later than this are shown late, and do not make all others wait.
    package static let maximum: Duration = .milliseconds(500)
    /// The share of pictures that are to be in time.
    private static let share = 0.95
    /// Half the time between two pictures at 30 per second: nobody sees a smaller unevenness.
    private static let negligible: Duration = .milliseconds(15)
    /// So many pictures in a row that are too late count.
    private static let mostInRow = 3
    /// How fast the wait shrinks, as a share of time.
    private static let shrinking = 0.08

    private var unwrapper = TimestampUnwrapper()
    private var baseline: DelayBaseline
    private var histogram = LatenessHistogram()
    private var lastUpdate: MonotonicTime?
    /// Pictures in a row, up to the newest, that were later than the wait.
    private var lateInRow = 0
    /// The wait wanted now, counted from when the fastest picture would be complete.
    package private(set) var target: Duration = .zero

    /// Makes an estimator for a media clock of `clockRate` Hz.
    package init(clockRate: Int) {
        baseline = DelayBaseline(clockRate: clockRate)
    }

    /// Takes a picture that can be decoded at `now`; answers when to show it.
    package mutating func receive(timestamp: UInt32, completeAt now: MonotonicTime) -> MonotonicTime {
        guard let time = observe(timestamp, at: now) else { return now }
        return max(now, (baseline.expectedArrival(of: time) ?? now) + target)
    }

    /// Takes a picture that came too late to be shown: with a longer wait it would have been.
    package mutating func receive(late timestamp: UInt32, at now: MonotonicTime) {
        _ = observe(timestamp, at: now)
    }

    /// When a picture is to be shown if it is complete by then; `nil` while that is not known.
    package func due(_ timestamp: UInt32) -> MonotonicTime? {
        var unwrapper = unwrapper
        return baseline.expectedArrival(of: unwrapper.unwrap(timestamp)).map { $0 + target }
    }

    /// The extended timestamp; `nil` when the sender's clock went back or the path stood still, and
    /// everything begins anew.
    private mutating func observe(_ timestamp: UInt32, at now: MonotonicTime) -> Int64? {
        let time = unwrapper.unwrap(timestamp)
        let lateness = baseline.receive(timestamp: time, at: now)
        guard lateness < .seconds(3) else {
            baseline.reset()
            _ = baseline.receive(timestamp: time, at: now)
            return nil
        }
        lateInRow = lateness > target + Self.negligible ? lateInRow + 1 : 0
        if lateInRow <= Self.mostInRow { histogram.add(lateness, at: now) }
        updateTarget(at: now)
        return time
    }

    private mutating func updateTarget(at now: MonotonicTime) {
        defer { lastUpdate = max(now, lastUpdate ?? now) }
        let wanted = min(histogram.quantile(Self.share), Self.maximum)
        guard let lastUpdate, wanted < target else {
            if wanted > Self.negligible { target = max(target, wanted) }
            return
        }
        let passed = Double(max(0, (now - lastUpdate).inNanoseconds)) * Self.shrinking
        target = max(wanted, target - .nanoseconds(Int64(passed)))
        if target <= Self.negligible { target = .zero }
    }
}
