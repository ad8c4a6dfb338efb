package import MediaCore

/// Finds how a sender's media clock lies on ours when the network adds nothing.
///
/// A packet's transit is its arrival minus its media time; the smallest transit of the last seconds
/// is the path without queues. Two windows alternate, so an old minimum is forgotten and drifting
/// clocks are followed.
package struct DelayBaseline: Sendable {
    private let clockRate: Int64
    private let window: Duration
    /// Smallest transit, in nanoseconds, of the window that fills now.
    private var current: Int64?
    /// Smallest transit of the window before.
    private var previous: Int64?
    private var windowEnd: MonotonicTime?

    /// Makes a baseline for a media clock of `clockRate` Hz that remembers between one and two
    /// `window`s.
    package init(clockRate: Int, window: Duration = .seconds(4)) {
        self.clockRate = Int64(max(1, clockRate))
        self.window = window
    }

    /// Takes one arrival; answers how much later than the fastest packet it came.
    package mutating func receive(timestamp: Int64, at arrival: MonotonicTime) -> Duration {
        let transit = arrival.nanoseconds &- mediaNanoseconds(timestamp)
        if let end = windowEnd, arrival >= end {
            previous = current
            current = nil
            windowEnd = arrival + window
        } else if windowEnd == nil {
            windowEnd = arrival + window
        }
        current = min(current ?? transit, transit)
        return .nanoseconds(max(0, transit &- smallest))
    }

    /// When the media of `timestamp` would arrive, or would have arrived, on the fastest path;
    /// `nil` before the first packet.
    package func expectedArrival(of timestamp: Int64) -> MonotonicTime? {
        guard current != nil || previous != nil else { return nil }
        return MonotonicTime(nanoseconds: mediaNanoseconds(timestamp) &+ smallest)
    }

    /// The media time that lies at `time` on the fastest path; `nil` before the first packet.
    package func timestamp(at time: MonotonicTime) -> Int64? {
        guard current != nil || previous != nil else { return nil }
        let (seconds, rest) = (time.nanoseconds &- smallest).quotientAndRemainder(dividingBy: 1_000_000_000)
        return seconds &* clockRate &+ rest &* clockRate / 1_000_000_000
    }

    /// Forgets everything: the sender's clock jumped.
    package mutating func reset() {
        current = nil
        previous = nil
        windowEnd = nil
    }

    private var smallest: Int64 {
        min(current ?? .max, previous ?? .max)
    }

    private func mediaNanoseconds(_ timestamp: Int64) -> Int64 {
        let (seconds, rest) = timestamp.quotientAndRemainder(dividingBy: clockRate)
        return seconds &* 1_000_000_000 &+ rest &* 1_000_000_000 / clockRate
    }
}
