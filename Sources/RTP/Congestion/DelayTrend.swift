import MediaCore

/// Tells from how arrivals drift apart whether a queue on the path grows, shrinks or stays.
///
/// The trendline filter (Carlucci et al. 2016, in the form that follows them in practice): the slope
/// of the smoothed queueing delay over the last twenty groups, against a threshold that adapts so
/// that neither jitter nor a competing TCP stream starves us (draft-ietf-rmcat-gcc-02 §5.4, §5.5).
struct DelayTrend: Sendable {
    /// What the queue does.
    enum Signal: Hashable, Sendable {
        case normal
        /// It grows: more is sent than goes through.
        case overuse
        /// It shrinks.
        case underuse
    }

    /// Groups that the slope is taken of.
    static let window = 20
    /// Share of the old in the smoothed delay.
    private static let smoothing = 0.9
    /// Makes slopes comparable with the threshold.
    private static let gain = 4.0
    private static let countLimit = 60.0
    private static let thresholds = 6.0...600.0
    /// How fast the threshold follows, per millisecond: slowly up, more slowly down (K_u, K_d).
    private static let (up, down) = (0.0087, 0.039)
    /// A value so far beyond the threshold is an accident and does not move it.
    private static let accident = 15.0
    /// The queue must have grown for this many milliseconds.
    private static let overuseTime = 10.0

    private struct Point: Sendable {
        var time: Double
        var delay: Double
    }

    /// What the queue does now.
    private(set) var signal = Signal.normal
    /// Milliseconds; compared with the slope times gain and count.
    private(set) var threshold = 12.5
    private var points: [Point] = []
    private var start: MonotonicTime?
    private var groupCount = 0.0
    private var delay = 0.0
    private var smoothed = 0.0
    private var lastSlope = 0.0
    /// How long the slope has been too steep, and over how many groups.
    private var steepTime: Double?
    private var steepCount = 0
    private var lastUpdate: MonotonicTime?

    /// Takes the next difference between two groups.
    mutating func receive(_ difference: ArrivalGroups.Difference, at now: MonotonicTime) {
        let start = self.start ?? difference.arrival
        self.start = start
        groupCount = min(groupCount + 1, Self.countLimit)
        delay += (difference.received - difference.sent).inMilliseconds
        smoothed = Self.smoothing * smoothed + (1 - Self.smoothing) * delay
        if points.count == Self.window { points.removeFirst() }
        points.append(Point(time: (difference.arrival - start).inMilliseconds, delay: smoothed))
        let slope = points.count == Self.window ? Self.slope(of: points) ?? lastSlope : lastSlope
        judge(slope, sent: difference.sent.inMilliseconds, at: now)
    }

    /// Forgets the course of the delay; what was learned about the path's unrest stays.
    mutating func restart() {
        let known = threshold
        self = DelayTrend()
        threshold = known
    }

    private mutating func judge(_ slope: Double, sent: Double, at now: MonotonicTime) {
        let value = slope * groupCount * Self.gain
        if value > threshold {
            let time = steepTime.map { $0 + sent } ?? sent / 2
            (steepTime, steepCount) = (time, steepCount + 1)
            if time > Self.overuseTime, steepCount > 1, slope >= lastSlope {
                (steepTime, steepCount) = (0, 0)
                signal = .overuse
            }
        } else {
            (steepTime, steepCount) = (nil, 0)
            signal = value < -threshold ? .underuse : .normal
        }
        lastSlope = slope
        adapt(to: abs(value), at: now)
    }

    private mutating func adapt(to value: Double, at now: MonotonicTime) {
        defer { lastUpdate = now }
        guard let lastUpdate, value <= threshold + Self.accident else { return }
        let speed = value < threshold ? Self.down : Self.up
        let passed = min(max((now - lastUpdate).inMilliseconds, 0), 100)
        let next = threshold + speed * (value - threshold) * passed
        threshold = min(max(next, Self.thresholds.lowerBound), Self.thresholds.upperBound)
    }

    /// Least squares; `nil` when all points lie at one time.
    private static func slope(of points: [Point]) -> Double? {
        let count = Double(points.count)
        let time = points.reduce(0) { $0 + $1.time } / count
        let delay = points.reduce(0) { $0 + $1.delay } / count
        var (numerator, denominator) = (0.0, 0.0)
        for point in points {
            numerator += (point.time - time) * (point.delay - delay)
            denominator += (point.time - time) * (point.time - time)
        }
        return denominator > 0 ? numerator / denominator : nil
    }
}
