import MediaCore

/// Notices within seconds that a path is dead; consent alone takes half a minute (RFC 7675 §5.1).
///
/// Who gets media reports on it about every second, so silence while this side sends means that the
/// path is broken.
/// While this side sends nothing, silence means nothing.
struct PathWatch: Sendable {
    /// A stretch without sending is over after this long without another packet.
    private static let sendingGap = Duration.seconds(2)

    /// How long silence is fine.
    let limit: Duration
    /// When the last packet of media went out.
    private var lastSent: MonotonicTime?
    /// When this side began to send after a pause.
    private var sendingSince: MonotonicTime?
    /// When the last packet came in.
    private var lastReceived: MonotonicTime?

    /// Makes a watch that allows silence of `limit`.
    init(limit: Duration) {
        self.limit = limit
    }

    /// A packet of media went out.
    mutating func sent(at now: MonotonicTime) {
        if lastSent.map({ now - $0 > Self.sendingGap }) ?? true { sendingSince = now }
        lastSent = now
    }

    /// A packet came in.
    mutating func received(at now: MonotonicTime) {
        lastReceived = now
    }

    /// Whether answers should have come in by now and did not.
    func isSilent(at now: MonotonicTime) -> Bool {
        guard let lastSent, let sendingSince, now - lastSent <= Self.sendingGap else { return false }
        return now - max(sendingSince, lastReceived ?? sendingSince) > limit
    }
}
