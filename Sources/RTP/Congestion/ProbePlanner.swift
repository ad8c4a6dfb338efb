import MediaCore

/// Decides when the path is probed, and at which rate.
///
/// At the start three times the first rate, then twice what was measured as long as that goes through; later,
/// whenever more is wanted than is known to go through, from time to time. Media alone would find a path that
/// became wider only step by step.
struct ProbePlanner: Sendable {
    /// How much faster than the estimate a probe is: the first, and the others.
    private static let (first, next) = (3.0, 2.0)
    /// Probes go a little beyond what is wanted, as they prove a little less than they send.
    private static let margin = 1.05
    /// The estimate is good enough at this share of what is wanted.
    private static let enough = 0.95
    /// Time between probes that lead to nothing; between those of a room, which has no other way upwards; and after
    /// probes that promised too much.
    private static let intervals: (usual: Duration, forwarding: Duration, longest: Duration) = (
        .seconds(2), .seconds(1), .seconds(3)
    )
    /// An answer that has not come by then does not come.
    private static let patience: Duration = .seconds(1)
    /// A queue that grows so soon after a probe shows that the probe promised too much.
    private static let trial: Duration = .seconds(1)

    /// What would be sent if the path carried it; `nil` = there is nothing to probe for.
    private(set) var wanted: Bitrate?
    /// Whether what is sent is not ours to choose.
    var isForwarding = false
    private var hasBegun = false
    private var lastID: UInt8 = 0
    /// Longer than usual after a probe that promised too much.
    private var lengthened: Duration?
    /// When the next probe may begin.
    private var due = MonotonicTime.zero
    /// Until when an answer is expected.
    private var waitingUntil: MonotonicTime?
    /// A rate that went through not long ago.
    private var known: Bitrate?
    /// When a probe raised the estimate for the last time.
    private var lastRaise: MonotonicTime?
    /// Probes begun.
    private(set) var count = 0

    /// Says what would be sent if the path carried it; more than before is probed for at once.
    mutating func update(wanted: Bitrate, at now: MonotonicTime) {
        if let old = self.wanted, wanted > old * Self.margin { due = min(due, now) }
        self.wanted = wanted
    }

    /// When there may be a plan; `nil` while nothing more is wanted than the `current` estimate.
    func deadline(current: Bitrate) -> MonotonicTime? {
        guard let wanted, current < wanted * Self.enough else { return nil }
        return max(due, waitingUntil ?? due)
    }

    /// The probe to be sent now, if any.
    mutating func nextPlan(current: Bitrate, at now: MonotonicTime) -> ProbePlan? {
        guard let wanted, let deadline = deadline(current: current), deadline <= now else { return nil }
        let factor = hasBegun ? Self.next : Self.first
        let rate = min(max(current * factor, known ?? .zero), wanted * Self.margin)
        lastID = lastID == .max ? 1 : lastID + 1
        guard let id = ProbeID(lastID) else { return nil }
        (hasBegun, known) = (true, nil)
        waitingUntil = now + Self.patience
        due = now + interval
        count += 1
        return ProbePlan(id: id, rate: rate)
    }

    /// Takes the result of the probe; one that went through is followed by the next.
    mutating func receive(_ result: ProbeResult, hasRaised: Bool, at now: MonotonicTime) {
        waitingUntil = nil
        guard hasRaised else { return }
        if !result.isFull { due = now }
        // The raise before this one has stood its trial.
        if let lastRaise, now - lastRaise > Self.trial { lengthened = nil }
        lastRaise = now
    }

    /// Waits until the queue that grows is empty.
    mutating func noteQueue(at now: MonotonicTime) {
        if let lastRaise, now - lastRaise < Self.trial {
            lengthened = min(interval * 2, Self.intervals.longest)
            self.lastRaise = nil
        }
        waitingUntil = nil
        due = max(due, now + interval)
    }

    /// Probes for what went through before, at once.
    mutating func restart(from rate: Bitrate, at now: MonotonicTime) {
        (known, due, waitingUntil) = (rate, now, nil)
    }

    private var interval: Duration {
        lengthened ?? (isForwarding ? Self.intervals.forwarding : Self.intervals.usual)
    }
}
