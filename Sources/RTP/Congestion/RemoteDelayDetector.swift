import MediaCore

/// Tells from the trend of the delay whether more is sent than the path carries
/// (draft-ietf-rmcat-gcc-02 §5.4).
struct RemoteDelayDetector: Sendable {
    /// What the queue of the path does.
    enum PathUse: Sendable {
        /// It stays as it is.
        case normal
        /// It grows.
        case over
        /// It empties.
        case under
    }

    /// What makes a slope comparable with the threshold, which is in milliseconds.
    private static let gain = 4.0
    /// A trend counts fully once it comes from so many groups.
    private static let fullCount = 60
    /// The delay has to grow for so many milliseconds before it counts.
    private static let patience = 10.0
    private static let thresholds = 6.0...600.0
    /// How fast the threshold follows the trend, per millisecond (K_u and K_d). It has to fall faster
    /// than in the draft: a trend through twenty groups is quieter than a filtered gradient.
    private static let rise = 0.0087
    private static let fall = 0.039
    /// Trends beyond the threshold by more than this are spikes, which do not move it.
    private static let spike = 15.0

    private var trend = RemoteDelayTrend()
    private var threshold = 12.5
    private var lastSlope = 0.0
    private var lastArrival: MonotonicTime?
    /// Milliseconds and groups since the trend passed the threshold.
    private var growing: (time: Double, groups: Int)?
    private var use = PathUse.normal

    /// Takes the next group and tells what the queue does.
    mutating func receive(_ delta: RemoteArrivalGroups.Delta) -> PathUse {
        trend.receive(delta)
        let value = Double(min(trend.count, Self.fullCount)) * trend.slope * Self.gain
        if value > threshold {
            noteGrowth(over: delta.sent)
        } else {
            growing = nil
            use = value < -threshold ? .under : .normal
        }
        lastSlope = trend.slope
        adapt(to: abs(value), at: delta.arrival)
        return use
    }

    private mutating func noteGrowth(over time: Double) {
        guard let before = growing else {
            // It began somewhere between the two groups.
            growing = (time / 2, 1)
            return
        }
        let now = (time: before.time + time, groups: before.groups + 1)
        growing = now
        // A queue that grows more slowly than before is about to empty.
        guard now.time > Self.patience, trend.slope >= lastSlope else { return }
        growing = (0, 0)
        use = .over
    }

    /// A threshold that does not move lets other traffic push this one aside.
    private mutating func adapt(to value: Double, at now: MonotonicTime) {
        let elapsed = lastArrival.map { min(max((now - $0).inMilliseconds, 0), 100) } ?? 0
        lastArrival = now
        guard value - threshold <= Self.spike else { return }
        let factor = value < threshold ? Self.fall : Self.rise
        let moved = threshold + factor * (value - threshold) * elapsed
        threshold = min(max(moved, Self.thresholds.lowerBound), Self.thresholds.upperBound)
    }
}
