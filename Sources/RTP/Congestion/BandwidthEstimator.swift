package import MediaCore

/// Estimates what the path to the other side carries, from when our packets arrived there: Google
/// congestion control (draft-ietf-rmcat-gcc-02; Carlucci et al., "Analysis and Design of the Google
/// Congestion Control for WebRTC", ACM MMSys 2016).
///
/// Flow: `sent` for each packet with a transport-wide number, `receive` for each feedback, `nextProbe` while media
/// flows, `advance(to:)` when `nextDeadline` comes, then `target`. The delay decides (`ArrivalGroups` →
/// `DelayTrend` → `RateControl`); probes raise (`ProbePlanner`, `ProbeEstimator`); heavy loss limits
/// (`LossControl`); silence lowers (`FeedbackWatch`). Memory does not grow, whatever the feedback says.
package struct BandwidthEstimator: Sendable {
    /// Where estimating starts, as LiveKit's SDKs do.
    package static let start = Bitrate.kilobits(1_000)
    /// The estimate is never below.
    package static let minimum = Bitrate.kilobits(50)
    /// Round-trip time until it is known.
    private static let assumedRoundTrip: Duration = .milliseconds(100)
    /// The longest round-trip time believed.
    private static let longestRoundTrip: Duration = .seconds(2)
    /// A step down to less than this share makes the losses until then worthless.
    private static let drop = 0.9
    /// A queue that grows for so long after a probe came is the one that the probe made.
    private static let probeEcho: Duration = .milliseconds(250)
    /// A silence brings the rate down to this share at most: what is sent into it has to find the way back.
    private static let leastInSilence = 0.25
    /// The share of the rate before a silence that is tried at once after it.
    private static let resumption = 0.5

    /// At this share of what is wanted the path counts as free.
    private static let freeShare = 0.9
    private static let (narrowPace, freePace) = (1.5, 2.5)

    /// The estimate is never above; more than what is published is not needed.
    package private(set) var maximum = Bitrate.kilobits(100_000)
    /// What may be sent, sound, pictures and repeats together; `nil` before the first feedback.
    package private(set) var target: Bitrate?

    private var history = SentPacketHistory()
    private var groups = ArrivalGroups()
    private var trend = DelayTrend()
    private var queue = QueueDelay()
    private var acknowledged = AcknowledgedRate()
    private var rate = RateControl(start: Self.start)
    private var loss = LossControl()
    private var probes = ProbeEstimator()
    private var planner = ProbePlanner()
    private var watch = FeedbackWatch()
    private var roundTrip = Self.assumedRoundTrip
    /// When packets of a probe came for the last time.
    private var lastProbeArrival: MonotonicTime?
    /// The rate before feedback stayed away.
    private var rateBeforeSilence: Bitrate?
    /// Used again for each feedback.
    private var arrivals: [PacketArrival] = []

    /// Makes an estimator that knows nothing.
    package init() {}

    /// What goes through: the estimate or, where the sender does not keep to it, what has come through.
    package var capacity: Bitrate? {
        target.map { max($0, acknowledged.rate ?? $0) }
    }

    /// How much faster than the target packets may leave: not at all while a queue has to empty, a little while the path
    /// is narrower than wanted, so that what has to wait waits here, where sound passes by.
    package var paceFactor: Double {
        guard planner.wanted != nil else { return Self.freePace }
        if rate.isDraining { return 1 }
        return target.map { $0 < maximum * Self.freeShare } ?? false ? Self.narrowPace : Self.freePace
    }

    /// How long packets stand in the queue of the path, about.
    package var queueDelay: Duration { queue.current }

    /// Whether packets of somebody else are passed on: more than comes through has to be proven by probes.
    package var isForwarding: Bool {
        get { rate.isForwarding }
        set {
            rate.isForwarding = newValue
            planner.isForwarding = newValue
            watch.isForwarding = newValue
        }
    }

    /// Probes begun so far.
    package var probeCount: Int { planner.count }

    /// Says what would be sent at most, repeats included: the estimate stays below, and probes go for it.
    /// Without it there are no probes.
    package mutating func update(maximum: Bitrate, at now: MonotonicTime) {
        self.maximum = max(maximum, Self.minimum)
        planner.update(wanted: self.maximum, at: now)
        if target != nil { target = limitedRate }
    }

    /// Remembers a packet that leaves with a transport-wide number, perhaps in a probe.
    package mutating func sent(
        _ number: UInt16, byteCount: Int, probe: ProbeID? = nil, at now: MonotonicTime
    ) {
        history.sent(number, byteCount: byteCount, probe: probe, at: now)
        watch.sent(at: now)
    }

    /// Takes a feedback; `target` is new afterwards if it named packets of ours.
    ///
    /// Answers whether feedback is back after it had stayed away: the other side has lost much.
    @discardableResult
    package mutating func receive(
        _ feedback: TransportFeedback, roundTrip: Duration?, at now: MonotonicTime
    ) -> Bool {
        self.roundTrip = min(max(roundTrip ?? Self.assumedRoundTrip, .zero), Self.longestRoundTrip)
        arrivals.removeAll(keepingCapacity: true)
        let counts = history.receive(feedback, arrivals: &arrivals)
        guard counts != ArrivalCounts() else { return false }
        let isBack = watch.receive()
        if isBack { resume(at: now) }
        arrivals.sort { $0.arrival < $1.arrival }
        for packet in arrivals { receive(packet, at: now) }
        let isQueueFull =
            !isBack
            && loss.receive(counts, current: target ?? Self.start, roundTrip: self.roundTrip, at: now)
        if loss.limit != nil { rate.endStart() }
        updateRate(isQueueFull: isQueueFull, at: now)
        return isBack
    }

    /// The probe to be sent now, if any; asked for whenever media is sent.
    package mutating func nextProbe(at now: MonotonicTime) -> ProbePlan? {
        // Who has never answered will not answer a probe.
        guard target != nil || planner.count == 0, watch.missedCount == 0, loss.isCalm,
            trend.signal == .normal,
            let plan = planner.nextPlan(current: target ?? Self.start, at: now)
        else { return nil }
        probes.begin(plan)
        return plan
    }

    /// Notices that feedback stays away; `target` may be new afterwards.
    package mutating func advance(to now: MonotonicTime) {
        guard watch.isMissing(roundTrip: roundTrip, at: now) else { return }
        // Feedback was negotiated and is not given: nothing will be known.
        guard let target else { return self.target = maximum }
        if rateBeforeSilence == nil { rateBeforeSilence = rate.rate }
        // RFC 8083 §4.4 would stop altogether; a path that comes back is noticed by what is sent.
        let least = max(Self.minimum, (rateBeforeSilence ?? target) * Self.leastInSilence)
        rate.restart(at: max(least, target * 0.5))
        self.target = limitedRate
    }

    /// When `advance(to:)` has something to do.
    package var nextDeadline: MonotonicTime? {
        watch.deadline(roundTrip: roundTrip)
    }

    private mutating func updateRate(isQueueFull: Bool, at now: MonotonicTime) {
        let limits = RateControl.Limits(minimum: Self.minimum, maximum: maximum)
        let isEcho = lastProbeArrival.map { now - $0 < Self.probeEcho } ?? false
        let signal = isEcho && trend.signal == .overuse ? .underuse : trend.signal
        let before = rate.rate
        if isQueueFull, let passing = acknowledged.rate {
            rate.emptyFullQueue(passing, roundTrip: roundTrip, at: now)
        }
        rate.update(
            signal, acknowledged: acknowledged.rate, queue: queue.current, roundTrip: roundTrip,
            within: limits, at: now)
        if rate.isQueueForeign { queue = QueueDelay() }
        // A room that goes over to a larger size sends a key picture at once, which is no queue that lasts.
        let isMomentary = isForwarding && queue.current < RateControl.realQueue
        if signal == .overuse, !isMomentary { planner.noteQueue(at: now) }
        if var result = probes.nextResult(), signal != .overuse {
            // What comes through anyway disproves a limit below it: the burst was spread by jitter.
            if result.isFull, let proven = acknowledged.rate { result.rate = max(result.rate, proven) }
            let hasRaised = rate.receive(result, queue: queue.current, within: limits, at: now)
            if loss.isCalm { loss.lift(to: result.rate) }
            planner.receive(result, hasRaised: hasRaised, at: now)
        }
        if rate.rate < before * Self.drop {
            // What the queue dropped until now came of the old rate.
            history.lossesSince = now
            loss.restart(at: now)
        }
        loss.lift(above: rate.rate)
        target = limitedRate
    }

    private var limitedRate: Bitrate {
        max(Self.minimum, min(rate.rate, loss.limit ?? rate.rate, maximum))
    }

    private mutating func receive(_ packet: PacketArrival, at now: MonotonicTime) {
        acknowledged.receive(packet)
        if packet.probe != nil {
            probes.receive(packet)
            lastProbeArrival = now
        }
        switch groups.receive(packet) {
        case .gathering: break
        case .complete(let difference):
            trend.receive(difference, at: now)
            queue.receive(difference)
        case .restarted: restartTrend()
        }
    }

    private mutating func restartTrend() {
        trend.restart()
        queue = QueueDelay()
    }

    /// Feedback is back: what was lost meanwhile tells nothing about the rate, and what is known is old.
    private mutating func resume(at now: MonotonicTime) {
        history.lossesSince = now
        groups = ArrivalGroups()
        restartTrend()
        acknowledged = AcknowledgedRate()
        loss.restart(at: now)
        guard let before = rateBeforeSilence else { return }
        rateBeforeSilence = nil
        rate.restart(at: max(rate.rate, before * Self.resumption))
        planner.restart(from: before, at: now)
    }
}
