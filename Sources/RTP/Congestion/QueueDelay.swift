import MediaCore

/// Estimates how long packets stand in the queue of the path: how much longer they take than the
/// fastest of the last seconds.
struct QueueDelay: Sendable {
    /// The fastest of so many seconds had no queue before it.
    private static let seconds = 12
    /// The fastest of the last groups stands for now, so that jitter is not taken for a queue.
    private static let recentCount = 6

    /// Milliseconds on the way, since the first group.
    private var delay = 0.0
    private var recent: [Double] = []
    /// The fastest of each second, by its number modulo the count.
    private var fastest = [Double?](repeating: nil, count: Self.seconds)
    private var lastSecond: Int64?

    /// Takes the next difference between two groups.
    mutating func receive(_ difference: ArrivalGroups.Difference) {
        delay += (difference.received - difference.sent).inMilliseconds
        if recent.count == Self.recentCount { recent.removeFirst() }
        recent.append(delay)
        let second = difference.arrival.nanoseconds / 1_000_000_000
        let slot = Int((second % Int64(Self.seconds)).magnitude)
        let isNew = second != lastSecond
        lastSecond = second
        fastest[slot] = isNew ? delay : min(fastest[slot] ?? delay, delay)
    }

    /// How long packets stand now.
    var current: Duration {
        guard let now = recent.min(), let base = fastest.compactMap(\.self).min() else { return .zero }
        // A receiver may claim anything.
        return .nanoseconds(Int64(min(max(now - base, 0), 10_000) * 1_000_000))
    }
}
