import MediaCore

/// Limits the rate when much is lost (draft-ietf-rmcat-gcc-02 §6).
///
/// Loss up to 10 % need not come from a queue of ours and limits nothing by itself; below 2 % a
/// limit is lifted step by step until it does not matter any more.
struct LossControl: Sendable {
    private static let low = 0.02
    private static let high = 0.10
    /// How much a limit rises per second without loss.
    private static let raise = 1.08
    /// How long packets are counted for one decision, and how many at least: in less, chance decides.
    private static let interval: Duration = .seconds(1)
    private static let leastCount = 20

    /// What may be sent; `nil` = anything.
    private(set) var limit: Bitrate?
    /// Share of packets lost, at the last decision.
    private(set) var lostShare = 0.0
    private var counts = ArrivalCounts()
    private var lastDecision: MonotonicTime?

    /// Takes what a feedback counted, while `current` is sent at most.
    mutating func receive(
        _ new: ArrivalCounts, current: Bitrate, roundTrip: Duration, at now: MonotonicTime
    ) {
        counts.received += new.received
        counts.lost += new.lost
        counts.late += new.late
        guard let last = lastDecision else { return lastDecision = now }
        let total = counts.received + counts.lost
        guard now - last >= Self.interval + roundTrip, total >= Self.leastCount else { return }
        lostShare = Double(max(0, counts.lost - counts.late)) / Double(total)
        if lostShare > Self.high {
            limit = min(limit ?? current, current) * (1 - 0.5 * lostShare)
        } else if lostShare < Self.low, let old = limit {
            let seconds = min((now - last).inSeconds, 1)
            // The step of 1 kbit/s lifts even the lowest limit.
            limit = old * (1 + (Self.raise - 1) * seconds) + .kilobits(1)
        }
        counts = ArrivalCounts()
        lastDecision = now
    }

    /// Counts anew: what was lost at a higher rate than the present one says nothing about it.
    mutating func restart(at now: MonotonicTime) {
        (counts, lastDecision) = (ArrivalCounts(), now)
    }

    /// Forgets a limit that the delay keeps us below anyway.
    mutating func lift(above rate: Bitrate) {
        if let limit, limit > rate { self.limit = nil }
    }
}
