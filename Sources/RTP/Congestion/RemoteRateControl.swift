import MediaCore

/// Raises the estimate of a path step by step and takes it back at once
/// (draft-ietf-rmcat-gcc-02 §5.5).
///
/// Until the path was full for the first time the estimate stays ahead of what arrives. From then on
/// it grows slowly, unless more comes through than did then.
struct RemoteRateControl: Sendable {
    private enum State: Sendable {
        case hold, increase, decrease
    }

    /// What is believed before anything is known.
    private static let start = 300_000.0
    private static let limits = 10_000.0...10_000_000_000.0
    /// The share of what arrives that leaves room for the queue to empty.
    private static let decrease = 0.85
    /// How far the estimate goes beyond what arrives: more was not seen to work.
    private static let headroom = 1.5
    /// Growth per second while nothing is known about the limit.
    private static let growth = 0.08
    /// A second decrease has to wait for the effect of the first.
    private static let pause: Duration = .milliseconds(200)

    /// Bits per second.
    private(set) var estimate: Double?
    private var state = State.increase
    private var capacity = LinkCapacity()
    private var lastUpdate: MonotonicTime?
    private var lastDecrease: MonotonicTime?
    /// How long an answer of the sender takes.
    var roundTrip: Duration = .milliseconds(200)

    /// Takes what the queue does and what arrives, in bits per second.
    mutating func receive(_ signal: DelayTrend.Signal, received: Double, at now: MonotonicTime) {
        let elapsed = lastUpdate.map { min(max((now - $0).inSeconds, 0), 1) } ?? 0
        lastUpdate = now
        switch signal {
        case .overuse: state = .decrease
        case .underuse: state = .hold
        case .normal: state = state == .decrease ? .hold : .increase
        }
        let current = estimate ?? max(Self.start, received * Self.headroom)
        let changed =
            switch state {
            case .hold: current
            case .increase: increased(current, received: received, elapsed: elapsed, at: now)
            case .decrease: decreased(current, received: received, at: now)
            }
        estimate = min(max(changed, Self.limits.lowerBound), Self.limits.upperBound)
    }

    private mutating func increased(
        _ current: Double, received: Double, elapsed: Double, at now: MonotonicTime
    ) -> Double {
        let ceiling = received * Self.headroom + 10_000
        guard let lastDecrease else { return max(current, ceiling) }
        capacity.check(Bitrate(bitsPerSecond: Int(received)))
        let step = capacity.isKnown ? additiveStep(current) : current * Self.growth
        let grown = max(current, min(current + step * elapsed, ceiling))
        // More comes through than when the path was last full; what came before the decrease proves nothing.
        let isProven = !capacity.isKnown && now - lastDecrease > RateMeter.window
        return isProven ? max(grown, received) : grown
    }

    private mutating func decreased(_ current: Double, received: Double, at now: MonotonicTime) -> Double {
        if let lastDecrease, now - lastDecrease < Self.pause, received > current / 2 { return current }
        lastDecrease = now
        capacity.overused(at: Bitrate(bitsPerSecond: Int(received)))
        return min(current, received * Self.decrease)
    }

    /// Close to the limit: half a packet per response time, in bits per second each second.
    private func additiveStep(_ current: Double) -> Double {
        let picture = current / 30
        let packet = picture / (picture / 9_600).rounded(.up)
        return max(4_000, packet / 2 / (roundTrip.inSeconds + 0.1))
    }
}
