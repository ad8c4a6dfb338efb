import MediaCore

/// Raises the rate until a queue grows, then goes back below what comes through
/// (draft-ietf-rmcat-gcc-02 §5.5).
///
/// Three speeds upwards: near the capacity met before, half a packet per response time; else 8 % per
/// second; and while nothing is known about the path, at the start or when no queue has grown for
/// five seconds, faster. The latter stands for the probes of padding that others send: media alone
/// tells as much, only later.
struct RateControl: Sendable {
    private enum State: Sendable {
        case hold, increase
    }

    /// The share of what comes through that is sent after a queue has grown.
    private static let backOff = 0.85
    /// How much the rate rises in a second: usually, at the start, and after long peace.
    private static let (usual, starting, searching) = (1.08, 2.0, 1.25)
    /// No queue has grown for so long: the path may have become wider.
    private static let peace: Duration = .seconds(5)
    /// The rate stays below this multiple of what comes through, or it would rise without proof.
    private static let unproven = 1.5

    /// What may be sent as far as the delay tells.
    private(set) var rate: Bitrate
    /// Whether no queue has grown yet.
    private(set) var isStarting = true
    private var state = State.increase
    private var capacity = LinkCapacity()
    private var lastUpdate: MonotonicTime?
    private var lastOveruse: MonotonicTime?

    init(start: Bitrate) {
        rate = start
    }

    /// Takes what the queue does and what comes through.
    mutating func update(
        _ signal: DelayTrend.Signal, acknowledged: Bitrate?, roundTrip: Duration, within limits: Limits,
        at now: MonotonicTime
    ) {
        let passed = min(max((now - (lastUpdate ?? now)).inSeconds, 0), 1)
        lastUpdate = now
        switch (signal, state) {
        case (.overuse, _): decrease(acknowledged, at: now)
        // The queue empties: what is sent stays until it has.
        case (.underuse, _): state = .hold
        case (.normal, .hold): state = .increase
        case (.normal, .increase): increase(acknowledged, roundTrip: roundTrip, seconds: passed, at: now)
        }
        rate = min(max(rate, limits.minimum), max(limits.minimum, limits.maximum))
    }

    /// Ends the fast start: something was lost.
    mutating func endStart() {
        isStarting = false
    }

    private mutating func decrease(_ acknowledged: Bitrate?, at now: MonotonicTime) {
        (state, isStarting, lastOveruse) = (.hold, false, now)
        if let acknowledged { capacity.overused(at: acknowledged) }
        rate = min(rate, (acknowledged ?? rate) * Self.backOff)
    }

    private mutating func increase(
        _ acknowledged: Bitrate?, roundTrip: Duration, seconds: Double, at now: MonotonicTime
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
        let ceiling = acknowledged * Self.unproven + .kilobits(10)
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
