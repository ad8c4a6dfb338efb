import MediaCore

/// Raises the rate until a queue grows, then goes back below what comes through
/// (draft-ietf-rmcat-gcc-02 §5.5).
///
/// Upwards it goes in two ways. Probes that went through raise it at once. Between them it climbs: near
/// the capacity met before, half a packet per response time; else 8 % per second; and while nothing is known
/// about the path, at the start or when no queue has grown for five seconds, faster. A probe that
/// met the limit of the path ends the climb below it, so that no queue has to grow to find it.
struct RateControl: Sendable {
    private enum State: Sendable {
        case hold, increase
    }

    /// The share of what comes through that is sent after a queue has grown, once it is empty.
    private static let backOff = 0.85
    /// How much less is sent until then, per second of the queue, and the least share.
    private static let (draining, leastShare) = (1.0, 0.5)
    /// A queue so short is empty; one that is not by then is none of ours.
    private static let (shortQueue, longestDrain): (Duration, Duration) = (.milliseconds(20), .seconds(1))
    /// A queue so long is emptied even if it does not grow: it may be full.
    private static let longQueue: Duration = .milliseconds(120)
    /// What a queue of unknown length that drops packets is taken for.
    private static let fullQueue: Duration = .milliseconds(300)
    /// Less is a picture that left at once, not a path that is too narrow.
    static let realQueue: Duration = .milliseconds(50)
    /// Besides a round trip, it takes so long until a step down shows.
    private static let feedbackDelay: Duration = .milliseconds(200)
    /// How much the rate rises in a second: usually, at the start, and after long peace.
    private static let (usual, starting, searching) = (1.08, 2.0, 1.25)
    /// No queue has grown for so long: the path may have become wider.
    private static let peace: Duration = .seconds(5)
    /// The rate stays below this multiple of what comes through, or it would rise without proof; and where what is sent
    /// does not follow the rate.
    private static let (unproven, unprovenForwarded) = (1.5, 1.1)
    /// How long a limit that a probe met is believed.
    private static let limitAge: Duration = .seconds(6)
    /// So much more than the limit comes through only if there is none.
    private static let disproof = 1.15
    /// At the start a probe lowers the rate to this share at most: it may have been an accident.
    private static let startDrop = 0.5

    /// What may be sent as far as the delay tells.
    private(set) var rate: Bitrate
    /// Whether what is sent is not ours to choose: then only probes show that there is more.
    var isForwarding = false
    /// Whether no queue has grown yet.
    private(set) var isStarting = true
    private var state = State.increase
    private var capacity = LinkCapacity()
    private var lastUpdate: MonotonicTime?
    private var lastOveruse: MonotonicTime?
    /// The limit that a probe met, and when.
    private var met: (rate: Bitrate, time: MonotonicTime)?
    /// What may be sent again once the queue is empty, and when it is not waited for any longer.
    private var afterDrain: (rate: Bitrate, latest: MonotonicTime)?
    /// Whether less is sent than comes through, until the queue is empty.
    var isDraining: Bool { afterDrain != nil }
    /// Whether sending less has not emptied the queue, so that it is none; taken by the owner.
    private(set) var isQueueForeign = false

    init(start: Bitrate) {
        rate = start
    }

    /// Takes what the queue does and what comes through.
    mutating func update(
        _ signal: DelayTrend.Signal, acknowledged: Bitrate?, queue: Duration = .zero, roundTrip: Duration,
        within limits: Limits, at now: MonotonicTime
    ) {
        let passed = min(max((now - (lastUpdate ?? now)).inSeconds, 0), 1)
        lastUpdate = now
        isQueueForeign = false
        endDrain(queue, at: now)
        if signal != .overuse, queue > Self.longQueue, afterDrain == nil, let acknowledged {
            rate = min(rate, acknowledged)
            drain(queue, of: acknowledged, until: now + roundTrip + Self.longestDrain)
        }
        switch (signal, state) {
        case (.overuse, _): decrease(acknowledged, queue: queue, roundTrip: roundTrip, at: now)
        // The queue empties: what is sent stays until it has.
        case (.underuse, _): state = .hold
        case (.normal, .hold): state = .increase
        case (.normal, .increase):
            increase(acknowledged, roundTrip: roundTrip, seconds: passed, upTo: limits.maximum, at: now)
        }
        rate = max(rate, limits.minimum)
    }

    /// Takes what a probe has shown, while no queue grows; answers whether the rate rises.
    mutating func receive(
        _ probe: ProbeResult, queue: Duration, within limits: Limits, at now: MonotonicTime
    ) -> Bool {
        met = probe.isFull ? (probe.rate, now) : nil
        if probe.isFull, isStarting {
            isStarting = false
            rate = min(rate, max(probe.rate, rate * Self.startDrop))
            // What was sent before the path was known stands in its queue.
            if probe.rate <= rate { drain(queue, of: probe.rate, until: now + Self.longestDrain) }
        }
        let next = min(probe.rate, limits.maximum)
        guard next > rate else { return false }
        rate = next
        capacity.check(next)
        return true
    }

    /// Goes below what comes through: the queue is full, has been so since before it could be measured, and drops
    /// what is too much.
    mutating func emptyFullQueue(_ acknowledged: Bitrate, roundTrip: Duration, at now: MonotonicTime) {
        decrease(acknowledged, queue: Self.fullQueue, roundTrip: roundTrip, at: now)
    }

    /// Sets the rate, whatever was known.
    mutating func restart(at rate: Bitrate) {
        (self.rate, isStarting, state, met, afterDrain) = (rate, false, .hold, nil, nil)
    }

    /// Ends the fast start: something was lost.
    mutating func endStart() {
        isStarting = false
    }

    private mutating func decrease(
        _ acknowledged: Bitrate?, queue: Duration, roundTrip: Duration, at now: MonotonicTime
    ) {
        let received = acknowledged ?? rate
        (state, isStarting) = (.hold, false)
        guard mayDecrease(to: received, queue: queue, roundTrip: roundTrip, at: now) else { return }
        lastOveruse = now
        if let acknowledged { capacity.overused(at: acknowledged) }
        // Where hardly anything stands, a large picture came too fast; little came through because little was sent.
        let isQueueReal = queue >= Self.realQueue
        let least = isQueueReal ? .zero : rate * Self.backOff
        rate = min(afterDrain?.rate ?? rate, max(received * Self.backOff, least))
        if isQueueReal { drain(queue, of: received, until: now + roundTrip + Self.longestDrain) }
    }

    /// The step before may not have shown yet, unless much less comes through than it expected.
    private func mayDecrease(
        to received: Bitrate, queue: Duration, roundTrip: Duration, at now: MonotonicTime
    ) -> Bool {
        if let afterDrain { return queue > Self.longQueue && received < afterDrain.rate * 0.7 }
        guard let lastOveruse, now - lastOveruse <= roundTrip + Self.feedbackDelay else { return true }
        return received < rate * 0.5
    }

    /// Sends less than comes through for a while, so that the queue empties.
    private mutating func drain(_ queue: Duration, of received: Bitrate, until latest: MonotonicTime) {
        let share = max(Self.leastShare, Self.backOff - Self.draining * queue.inSeconds)
        let after = rate
        rate = min(rate, received * share)
        afterDrain = rate < after ? (after, latest) : nil
    }

    /// Once the queue is empty, what comes through may be sent again.
    private mutating func endDrain(_ queue: Duration, at now: MonotonicTime) {
        guard let drain = afterDrain, queue < Self.shortQueue || now > drain.latest else { return }
        rate = max(rate, drain.rate)
        afterDrain = nil
        isQueueForeign = queue > Self.longQueue / 2
    }

    private mutating func increase(
        _ acknowledged: Bitrate?, roundTrip: Duration, seconds: Double, upTo maximum: Bitrate,
        at now: MonotonicTime
    ) {
        guard let acknowledged else { return }
        var next = rate
        if capacity.isNear(acknowledged) {
            next = rate + additive(roundTrip) * seconds
        } else {
            let isPeaceful = lastOveruse.map { now - $0 > Self.peace } ?? true
            let speed = isStarting ? Self.starting : isPeaceful ? Self.searching : Self.usual
            next = rate * (1 + (speed - 1) * seconds) + .kilobits(1)
        }
        if let met {
            let isOld = now - met.time > Self.limitAge || acknowledged > met.rate * Self.disproof
            if isOld { self.met = nil } else { next = min(next, met.rate) }
        }
        let share = isForwarding ? Self.unprovenForwarded : Self.unproven
        let ceiling = min(acknowledged * share + .kilobits(10), maximum)
        // What was known before less was wanted is still known when more is wanted again.
        rate = max(rate, min(next, ceiling))
    }

    /// Half a packet per response time, per second, with the packets of 30 pictures per second.
    private func additive(_ roundTrip: Duration) -> Bitrate {
        let picture = Double(rate.bitsPerSecond) / 30
        let packet = picture / max(1, (picture / 9_600).rounded(.up))
        let response = 2 * (roundTrip.inSeconds + 0.1)
        return max(.kilobits(4), Bitrate(bitsPerSecond: Int(packet / response)))
    }
}

extension RateControl {
    /// Between which rates the estimate stays.
    struct Limits: Hashable, Sendable {
        var minimum: Bitrate
        var maximum: Bitrate
    }
}
