package import MediaCore

/// Learns from arrivals how long sound has to wait so that nearly all of it comes in time.
///
/// Each packet's lateness against the fastest one falls into a histogram that forgets slowly; the
/// target is the delay that covers 97 of 100 packets. A wave of late packets raises it within a
/// second, calm lowers it within five.
package struct AudioDelayEstimator: Sendable {
    /// What no packet waits less than: one packet, which is being played while the next one arrives.
    package static let minimum: Duration = .milliseconds(20)
    /// Beyond this a conversation suffers more than by gaps.
    package static let maximum: Duration = .milliseconds(500)
    private static let bucketMilliseconds: Int64 = 10
    private static let bucketCount = 50
    private static let memory = 0.99
    private static let coverage = 0.97

    private var baseline = DelayBaseline(clockRate: 48_000)
    /// Share of packets by lateness; the sum is one after the first packet.
    private var shares = [Double](repeating: 0, count: Self.bucketCount)
    /// The delay wanted now.
    package private(set) var target = Self.minimum

    /// Makes an estimator that knows nothing and wants the minimum.
    package init() {}

    /// Takes one arrival.
    package mutating func receive(timestamp: Int64, at arrival: MonotonicTime) {
        let lateness = baseline.receive(timestamp: timestamp, at: arrival)
        let slot = min(
            Int(lateness.inNanoseconds / (Self.bucketMilliseconds * 1_000_000)), Self.bucketCount - 1)
        for index in shares.indices { shares[index] *= Self.memory }
        shares[slot] += 1 - Self.memory
        target = quantile()
    }

    /// When the media of `timestamp` would arrive on the fastest path.
    package func expectedArrival(of timestamp: Int64) -> MonotonicTime? {
        baseline.expectedArrival(of: timestamp)
    }

    /// Forgets the sender's clock, which jumped, but not what the path is like.
    package mutating func resetClock() {
        baseline.reset()
    }

    private func quantile() -> Duration {
        var covered = 0.0
        let goal = shares.reduce(0, +) * Self.coverage
        for index in shares.indices {
            covered += shares[index]
            guard covered >= goal else { continue }
            // The first bucket is the fastest path itself: no time beyond the minimum.
            let wait = Duration.milliseconds(Int64(index) * Self.bucketMilliseconds)
            return min(
                Self.minimum + (index == 0 ? .zero : wait + .milliseconds(Self.bucketMilliseconds)),
                Self.maximum)
        }
        return Self.maximum
    }
}
