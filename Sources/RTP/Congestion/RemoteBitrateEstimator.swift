package import MediaCore

/// Estimates at the receiver what the path from a sender carries (draft-ietf-rmcat-gcc-02 §3, with
/// the delay-based part at the receiver).
///
/// It compares when packets left, as their absolute send time says, with when they arrived. All
/// packets count, repeats and padding too: senders probe with them.
package struct RemoteBitrateEstimator: Sendable {
    /// After such a silence, what was known about the queue is worth nothing.
    package static let silence: Duration = .seconds(2)

    private var times = AbsoluteSendTimeUnwrapper()
    private var groups = ArrivalGroups()
    private var trend = DelayTrend()
    private var meter = RateMeter()
    private var control = RemoteRateControl()
    private var lastArrival: MonotonicTime?

    /// Makes an estimator that has seen nothing.
    package init() {}

    /// Takes a packet with its 24-bit absolute send time and its length.
    package mutating func receive(absoluteSendTime: UInt32, bytes: Int, at now: MonotonicTime) {
        if let lastArrival, now - lastArrival > Self.silence {
            forgetQueue()
            meter = RateMeter()
        }
        lastArrival = now
        meter.receive(bytes: min(max(bytes, 0), 65_535), at: now)
        let packet = PacketArrival(
            sent: AbsoluteSendTimeUnwrapper.time(times.unwrap(absoluteSendTime)), arrival: now,
            byteCount: bytes)
        switch groups.receive(packet) {
        case .gathering: return
        case .restarted: return trend.restart()
        case .complete(let difference): trend.receive(difference, at: now)
        }
        guard let received = meter.rate(at: now) else { return }
        control.receive(trend.signal, received: received, at: now)
    }

    /// Says how long an answer of the sender takes.
    package mutating func update(roundTrip: Duration) {
        control.roundTrip = max(roundTrip, .zero)
    }

    /// The most the sender should send; `nil` until enough has arrived.
    package var estimate: Bitrate? {
        control.estimate.map { Bitrate(bitsPerSecond: Int($0)) }
    }

    private mutating func forgetQueue() {
        groups = ArrivalGroups()
        trend.restart()
    }
}
