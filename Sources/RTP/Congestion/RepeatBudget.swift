package import MediaCore

/// Limits how much is repeated on a path that is full: repeats of what a queue dropped would fill it
/// again, and the pictures behind them would wait.
///
/// A quarter of what the path carries, half of it for somebody else's packets, whose rate is not ours to
/// choose, and a few packets at once. What is not repeated is asked for again, or a key frame takes its place.
package struct RepeatBudget: Sendable {
    private static let (ownShare, forwardedShare) = (0.25, 0.5)
    /// What second copies of repeats leave of what is saved up.
    package static let shareOfRepeats = 0.5
    /// What may be saved up.
    private static let reserve: Duration = .milliseconds(500)
    /// So much can always be saved up: eight full packets.
    private static let leastReserve = 9_600.0

    /// Bytes that may be repeated now; `nil` until the first question.
    private var available: Double?
    private var lastUpdate = MonotonicTime.zero

    /// Makes a full budget.
    package init() {}

    /// Whether `byteCount` more may be repeated, on a path that carries `capacity`; `nil` = not known,
    /// anything may. What is less urgent leaves a share of what may be saved up.
    package mutating func take(
        _ byteCount: Int, of capacity: Bitrate?, isForwarding: Bool = false, leaving share: Double = 0,
        at now: MonotonicTime
    ) -> Bool {
        guard let capacity else { return true }
        let rate = Double(capacity.bitsPerSecond) / 8 * (isForwarding ? Self.forwardedShare : Self.ownShare)
        let most = max(rate * Self.reserve.inSeconds, Self.leastReserve)
        let passed = max(0, (now - lastUpdate).inSeconds)
        lastUpdate = max(now, lastUpdate)
        let current = min(most, (available ?? most) + rate * passed)
        let isAllowed = current >= Double(byteCount) + most * share
        available = isAllowed ? current - Double(byteCount) : current
        return isAllowed
    }
}
