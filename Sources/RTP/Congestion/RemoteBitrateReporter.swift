package import MediaCore

/// Says when the sender is told the estimate: regularly, and at once when it falls
/// (draft-alvestrand-rmcat-remb §2.3).
package struct RemoteBitrateReporter: Sendable {
    /// How often the sender is told while packets arrive.
    package static let interval: Duration = .seconds(1)
    /// An estimate below this share of the one told before is told at once.
    private static let urgency = 0.97

    private var estimator = RemoteBitrateEstimator()
    private var lastArrival = MonotonicTime.zero
    private var reported: Bitrate?
    private var due: MonotonicTime?

    /// Makes a reporter that has seen nothing.
    package init() {}

    /// Takes a packet with its 24-bit absolute send time and its length.
    package mutating func receive(absoluteSendTime: UInt32, bytes: Int, at now: MonotonicTime) {
        estimator.receive(absoluteSendTime: absoluteSendTime, bytes: bytes, at: now)
        lastArrival = now
        guard let estimate = estimator.estimate else { return }
        let isUrgent = reported.map { estimate < $0 * Self.urgency } ?? true
        if isUrgent || due == nil { due = min(due ?? now, now) }
    }

    /// Says how long an answer of the sender takes.
    package mutating func update(roundTrip: Duration) {
        estimator.update(roundTrip: roundTrip)
    }

    /// When the sender is to be told next; `nil` while nothing arrives.
    package var nextDeadline: MonotonicTime? { due }

    /// The estimate, if the sender is to be told now.
    package mutating func nextReport(at now: MonotonicTime) -> Bitrate? {
        guard let due, due <= now, let estimate = estimator.estimate else { return nil }
        guard now - lastArrival < RemoteBitrateEstimator.silence else {
            self.due = nil
            return nil
        }
        reported = estimate
        self.due = now + Self.interval
        return estimate
    }
}
