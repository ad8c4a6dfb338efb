package import MediaCore

/// Spreads the packets of large pictures over time, so that they do not overflow queues on the
/// path.
///
/// A leaky bucket: what was sent drains at a multiple of the target rate, and the next packet goes
/// when the bucket has drained below one burst. Packets keep their order. Sound and repeats do not
/// wait here; they only fill the bucket.
package struct Pacer: Sendable {
    /// A packet that waits, by its stream and number; its bytes are in that stream's cache.
    package struct Item: Sendable, Hashable {
        /// Which stream of the owner.
        package var stream: Int
        /// Its sequence number.
        package var sequence: UInt16
        /// Its size with headers.
        package var byteCount: Int

        /// Makes an item.
        package init(stream: Int, sequence: UInt16, byteCount: Int) {
            self.stream = stream
            self.sequence = sequence
            self.byteCount = byteCount
        }
    }

    /// Packets waiting, at most.
    package static let capacity = 400
    /// How much faster than the target rate packets leave.
    private static let factor = 2.5
    /// Below this rate waiting would only cost time.
    private static let slowest = Bitrate.kilobits(1_000)
    /// What may leave at once.
    private static let burst: Duration = .milliseconds(5)

    private var items: [Item] = []
    /// Waiting items begin here; those before have left.
    private var head = 0
    private var rate: Bitrate
    /// Bytes that have left and not yet drained.
    private var level = 0.0
    private var lastUpdate: MonotonicTime?
    /// Packets refused because the queue was full.
    package private(set) var refusedCount = 0

    /// Makes a pacer for media of `target` bits per second.
    package init(target: Bitrate) {
        rate = max(target * Self.factor, Self.slowest)
        items.reserveCapacity(Self.capacity * 2)
    }

    /// Changes the rate of the media.
    package mutating func update(target: Bitrate) {
        rate = max(target * Self.factor, Self.slowest)
    }

    /// Packets that wait.
    package var count: Int { items.count - head }

    /// Puts a packet behind those that wait; false when there are too many, and it will not be sent.
    package mutating func append(_ item: Item) -> Bool {
        guard count < Self.capacity else {
            refusedCount += 1
            return false
        }
        items.append(item)
        return true
    }

    /// Takes note of a packet that was sent without waiting.
    package mutating func note(_ byteCount: Int, at now: MonotonicTime) {
        drain(to: now)
        level += Double(byteCount)
    }

    /// The packet that may be sent now, if any.
    package mutating func next(at now: MonotonicTime) -> Item? {
        guard head < items.count else { return nil }
        drain(to: now)
        guard level <= burstBytes else { return nil }
        let item = items[head]
        head += 1
        level += Double(item.byteCount)
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= Self.capacity {
            items.removeFirst(head)
            head = 0
        }
        return item
    }

    /// When the next packet may be sent.
    package var nextDeadline: MonotonicTime? {
        guard head < items.count, let lastUpdate else { return nil }
        let excess = max(0, level - burstBytes)
        // One microsecond more, so that rounding does not wake us in vain.
        return lastUpdate + .nanoseconds(Int64(excess * 8e9 / Double(rate.bitsPerSecond)) + 1_000)
    }

    /// Forgets the packets of streams that are gone.
    package mutating func removeAll(where isGone: (_ stream: Int) -> Bool) {
        items.removeFirst(head)
        head = 0
        items.removeAll { isGone($0.stream) }
    }

    private var burstBytes: Double { Double(rate.bytes(in: Self.burst)) }

    private mutating func drain(to now: MonotonicTime) {
        defer { lastUpdate = max(now, lastUpdate ?? now) }
        guard let lastUpdate, now > lastUpdate else { return }
        level = max(0, level - Double(rate.bitsPerSecond) / 8 * (now - lastUpdate).inSeconds)
    }
}
