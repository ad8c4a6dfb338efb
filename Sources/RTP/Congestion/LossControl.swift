import MediaCore

/// Limits the rate when much is lost (draft-ietf-rmcat-gcc-02 §6), unless the loss has nothing to do with it.
///
/// Loss up to 10 % need not come from a queue of ours and limits nothing by itself; below 2 % a
/// limit is lifted step by step until it does not matter any more. The draft alone would push the
/// rate to the floor on a path that always loses more. So each step down is a trial, after the idea
/// of loss-based estimation by inherent loss (libwebrtc's second version): if hardly less is lost after it, as much
/// belongs to the path, the step is taken back, and both thresholds count from there.
struct LossControl: Sendable {
    private static let low = 0.02
    private static let high = 0.10
    /// How much a limit rises per second without loss.
    private static let raise = 1.08
    /// How long packets are counted for one decision, and how many at least: in less, chance decides.
    private static let interval: Duration = .seconds(1)
    private static let leastCount = 20
    /// Besides a round trip, it takes so long until a step down shows.
    private static let feedbackDelay: Duration = .milliseconds(200)
    /// More than this is never taken for the path's own.
    private static let mostInherent = 0.3
    /// How fast what the path loses anyway is forgotten once less is lost, per decision.
    private static let forgetting = 0.2

    /// A step down that waits for its effect.
    private struct Trial: Sendable {
        /// The limit before the step, and the rate then.
        var limit: Bitrate?
        /// Less than this share lost means that the step helped.
        var verdict: Double
    }

    /// What may be sent; `nil` = anything.
    private(set) var limit: Bitrate?
    /// Share of packets lost, at the last decision.
    private(set) var lostShare = 0.0
    /// Share of packets that the path loses whatever is sent.
    private(set) var inherent = 0.0
    private var trial: Trial?
    private var counts = ArrivalCounts()
    private var lastDecision: MonotonicTime?

    /// Whether so little is lost that more may be tried.
    var isCalm: Bool { trial == nil && lostShare < Self.high + inherent }

    /// Takes what a feedback counted, while `current` is sent at most.
    ///
    /// Answers whether it has decided that more is lost than any path loses by itself: then a queue is full, which the
    /// delay may not show any more.
    mutating func receive(
        _ new: ArrivalCounts, current: Bitrate, roundTrip: Duration, at now: MonotonicTime
    ) -> Bool {
        // What is reported now was lost before the step of the trial.
        if trial != nil, let last = lastDecision, now < last + roundTrip + Self.feedbackDelay { return false }
        counts.received += new.received
        counts.lost += new.lost
        counts.late += new.late
        guard let last = lastDecision else {
            lastDecision = now
            return false
        }
        let total = counts.received + counts.lost
        let pause = roundTrip + (trial == nil ? .zero : Self.feedbackDelay)
        guard now - last >= Self.interval + pause, total >= Self.leastCount else { return false }
        lostShare = Double(max(0, counts.lost - counts.late)) / Double(total)
        judgeTrial()
        decide(current: current, seconds: min((now - last).inSeconds, 1))
        restart(at: now)
        return lostShare > Self.mostInherent + Self.high
    }

    /// Counts anew: what was lost at a higher rate than the present one says nothing about it.
    mutating func restart(at now: MonotonicTime) {
        (counts, lastDecision) = (ArrivalCounts(), now)
    }

    /// Forgets a limit that the delay keeps us below anyway.
    mutating func lift(above rate: Bitrate) {
        if let limit, limit > rate { self.limit = nil }
    }

    /// Lifts a limit to what has gone through.
    mutating func lift(to rate: Bitrate) {
        if let limit, limit < rate { self.limit = rate }
    }

    private mutating func judgeTrial() {
        guard let trial else { return inherent -= max(0, inherent - lostShare) * Self.forgetting }
        self.trial = nil
        guard lostShare > trial.verdict, lostShare < Self.mostInherent + Self.high else { return }
        inherent = min(lostShare, Self.mostInherent)
        limit = trial.limit
    }

    private mutating func decide(current: Bitrate, seconds: Double) {
        if lostShare > Self.high + inherent {
            let step = 1 - 0.5 * lostShare
            // On a path that is too narrow by as much as is lost, the step would leave this.
            let expected = max(0, 1 - (1 - lostShare) / step)
            trial = Trial(limit: limit, verdict: (lostShare + expected) / 2)
            limit = min(limit ?? current, current) * step
        } else if lostShare < Self.low + inherent, let old = limit {
            // The step of 1 kbit/s lifts even the lowest limit.
            limit = old * (1 + (Self.raise - 1) * seconds) + .kilobits(1)
        }
    }
}
