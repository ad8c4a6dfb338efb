package import MediaCore

/// Estimates what the path to the other side carries, from when our packets arrived there: Google
/// congestion control (draft-ietf-rmcat-gcc-02; Carlucci et al., "Analysis and Design of the Google
/// Congestion Control for WebRTC", ACM MMSys 2016).
///
/// Flow: `sent` for each packet with a transport-wide number, `receive` for each feedback, then
/// `target`. The delay decides (`ArrivalGroups` → `DelayTrend` → `RateControl`); heavy loss limits
/// (`LossControl`). Memory does not grow, whatever the feedback says.
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

    /// The estimate is never above; more than what is published is not needed.
    package var maximum = Bitrate.kilobits(100_000)
    /// What may be sent, sound, pictures and repeats together; `nil` before the first feedback.
    package private(set) var target: Bitrate?

    private var history = SentPacketHistory()
    private var groups = ArrivalGroups()
    private var trend = DelayTrend()
    private var acknowledged = AcknowledgedRate()
    private var rate = RateControl(start: Self.start)
    private var loss = LossControl()
    /// Used again for each feedback.
    private var arrivals: [PacketArrival] = []

    /// Makes an estimator that knows nothing.
    package init() {}

    /// What goes through: the estimate or, where the sender does not keep to it, what has come through.
    package var capacity: Bitrate? {
        target.map { max($0, acknowledged.rate ?? $0) }
    }

    /// Remembers a packet that leaves with a transport-wide number.
    package mutating func sent(_ number: UInt16, byteCount: Int, at now: MonotonicTime) {
        history.sent(number, byteCount: byteCount, at: now)
    }

    /// Takes a feedback; `target` is new afterwards if it named packets of ours.
    package mutating func receive(
        _ feedback: TransportFeedback, roundTrip: Duration?, at now: MonotonicTime
    ) {
        let roundTrip = min(max(roundTrip ?? Self.assumedRoundTrip, .zero), Self.longestRoundTrip)
        arrivals.removeAll(keepingCapacity: true)
        let counts = history.receive(feedback, arrivals: &arrivals)
        guard counts != ArrivalCounts() else { return }
        arrivals.sort { $0.arrival < $1.arrival }
        for packet in arrivals { receive(packet, at: now) }
        loss.receive(counts, current: target ?? Self.start, roundTrip: roundTrip, at: now)
        if loss.limit != nil { rate.endStart() }
        let before = rate.rate
        rate.update(
            trend.signal, acknowledged: acknowledged.rate, roundTrip: roundTrip,
            within: RateControl.Limits(minimum: Self.minimum, maximum: maximum), at: now)
        if rate.rate < before * Self.drop { loss.restart(at: now) }
        loss.lift(above: rate.rate)
        target = max(Self.minimum, min(rate.rate, loss.limit ?? rate.rate))
    }

    private mutating func receive(_ packet: PacketArrival, at now: MonotonicTime) {
        acknowledged.receive(packet)
        switch groups.receive(packet) {
        case .gathering: break
        case .complete(let difference): trend.receive(difference, at: now)
        case .restarted: trend.restart()
        }
    }
}
