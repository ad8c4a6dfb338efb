package import MediaCore

/// Limits how much is repeated on a path that is full: repeats of what a queue dropped would fill it
/// again, and the pictures behind them would wait.
///
/// A quarter of what the path carries, and a few packets at once. What is not repeated is asked for
/// again, or a key frame takes its place.
package struct RepeatBudget: Sendable {
    private static let share = 0.25
    /// What may be saved up.
    private static let reserve: Duration = .milliseconds(500)
    /// A repeat counts as a full packet, and so many can always be saved up.
    private static let (packet, leastPackets) = (1_200.0, 8.0)

    /// Bytes that may be repeated now; `nil` until the first question.
    private var available: Double?
    private var lastUpdate = MonotonicTime.zero

    /// Makes a full budget.
    package init() {}

    /// Whether one more packet may be repeated, on a path that carries `capacity`; `nil` = not known,
    /// anything may.
    package mutating func take(of capacity: Bitrate?, at now: MonotonicTime) -> Bool {
        guard let capacity else { return true }
        let rate = Double(capacity.bitsPerSecond) / 8 * Self.share
        let most = max(rate * Self.reserve.inSeconds, Self.packet * Self.leastPackets)
        let passed = max(0, (now - lastUpdate).inSeconds)
        lastUpdate = max(now, lastUpdate)
        let now = min(most, (available ?? most) + rate * passed)
        guard now >= Self.packet else {
            available = now
            return false
        }
        available = now - Self.packet
        return true
    }
}
