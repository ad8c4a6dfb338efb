import MediaCore

/// How fast the delay of a path grows: a line through the last groups of packets.
///
/// It stands where draft-ietf-rmcat-gcc-02 §5.3 has a Kalman filter; a line needs no model of the noise.
struct RemoteDelayTrend: Sendable {
    private struct Point: Sendable {
        var time: Double
        var delay: Double
    }

    /// Groups the line goes through.
    private static let window = 20
    /// How much of the smoothed delay a new group leaves.
    private static let smoothing = 0.9

    private var points: [Point] = []
    private var start: MonotonicTime?
    /// Delay since the beginning, in milliseconds.
    private var delay = 0.0
    private var smoothedDelay = 0.0
    /// Groups seen.
    private(set) var count = 0
    /// Milliseconds of delay gained per millisecond; 0 until enough groups are known.
    private(set) var slope = 0.0

    init() {
        points.reserveCapacity(Self.window + 1)
    }

    /// Takes the next group.
    mutating func receive(_ delta: RemoteArrivalGroups.Delta) {
        let start = start ?? delta.arrival
        self.start = start
        count += 1
        delay += delta.arrived - delta.sent
        smoothedDelay = Self.smoothing * smoothedDelay + (1 - Self.smoothing) * delay
        points.append(Point(time: (delta.arrival - start).inMilliseconds, delay: smoothedDelay))
        if points.count > Self.window { points.removeFirst() }
        if points.count == Self.window { slope = fittedSlope ?? slope }
    }

    /// Least squares; `nil` when all points have one time.
    private var fittedSlope: Double? {
        let count = Double(points.count)
        let meanTime = points.reduce(0) { $0 + $1.time } / count
        let meanDelay = points.reduce(0) { $0 + $1.delay } / count
        var covariance = 0.0
        var variance = 0.0
        for point in points {
            covariance += (point.time - meanTime) * (point.delay - meanDelay)
            variance += (point.time - meanTime) * (point.time - meanTime)
        }
        return variance > 0 ? covariance / variance : nil
    }
}
