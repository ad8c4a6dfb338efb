import MediaCore

/// Measures the path by how the packets of a probe spread on their way: a narrow link lets them out no faster
/// than it carries.
///
/// Packet trains (Dovrolis, Ramanathan, Moore, "What do packet dispersion techniques measure?", INFOCOM 2001),
/// in the form that draft-ietf-rmcat-gcc-02 §4 leaves to the sender. One probe at a time.
struct ProbeEstimator: Sendable {
    /// The share of a probe that has to come.
    private static let neededShare = 0.8
    /// Less than this share of the rate sent means that the path was full.
    private static let fullShare = 0.9
    /// What a full path is used to.
    private static let caution = 0.95
    /// A burst that arrives so much faster than it left was held up on the way and tells nothing.
    private static let fastest = 2.0
    private static let longestSpan: Duration = .seconds(1)

    private struct Train: Sendable {
        var firstSent: MonotonicTime
        var lastSent: MonotonicTime
        var firstArrival: MonotonicTime
        var lastArrival: MonotonicTime
        /// Bytes in all, in the packet sent last and in the one that came first.
        var byteCount = 0
        var lastBytes: Int
        var firstBytes: Int
        var count = 0

        init(_ packet: PacketArrival) {
            (firstSent, lastSent) = (packet.sent, packet.sent)
            (firstArrival, lastArrival) = (packet.arrival, packet.arrival)
            (lastBytes, firstBytes) = (packet.byteCount, packet.byteCount)
        }

        mutating func receive(_ packet: PacketArrival) {
            firstSent = min(firstSent, packet.sent)
            if packet.sent >= lastSent { (lastSent, lastBytes) = (packet.sent, packet.byteCount) }
            if packet.arrival < firstArrival {
                (firstArrival, firstBytes) = (packet.arrival, packet.byteCount)
            }
            lastArrival = max(lastArrival, packet.arrival)
            byteCount += packet.byteCount
            count += 1
        }
    }

    private var plan: ProbePlan?
    private var train: Train?

    /// Begins to wait for the packets of a probe; those of the one before count no more.
    mutating func begin(_ plan: ProbePlan) {
        (self.plan, train) = (plan, nil)
    }

    /// Takes a packet that came.
    mutating func receive(_ packet: PacketArrival) {
        guard let plan, packet.probe == plan.id else { return }
        var train = self.train ?? Train(packet)
        train.receive(packet)
        self.train = train
    }

    /// The result, once enough has come; asked for after each feedback.
    mutating func nextResult() -> ProbeResult? {
        guard let plan, let train,
            Double(train.count) >= Double(ProbePlan.leastPackets) * Self.neededShare,
            Double(train.byteCount) >= Double(plan.leastBytes) * Self.neededShare
        else { return nil }
        let (sentSpan, span) = (train.lastSent - train.firstSent, train.lastArrival - train.firstArrival)
        guard sentSpan > .zero, sentSpan <= Self.longestSpan, span <= Self.longestSpan else { return nil }
        self.plan = nil
        let sent = Double((train.byteCount - train.lastBytes) * 8) / sentSpan.inSeconds
        // All at one time by the receiver's clock, which ticks four times in a millisecond.
        let received = Double((train.byteCount - train.firstBytes) * 8) / max(span.inSeconds, 0.000_25)
        guard received <= sent * Self.fastest || span < .milliseconds(1) else { return nil }
        let isFull = received < sent * Self.fullShare
        let rate = isFull ? received * Self.caution : min(sent, received, Double(plan.rate.bitsPerSecond))
        return ProbeResult(rate: Bitrate(bitsPerSecond: Int(rate)), isFull: isFull)
    }
}
