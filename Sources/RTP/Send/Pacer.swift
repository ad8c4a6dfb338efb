package import MediaCore

/// Spreads the packets of large pictures over time, so that they do not overflow queues on the
/// path, and sends probes.
///
/// A leaky bucket: what was sent drains at a multiple of the target rate, and the next packet goes
/// when the bucket has drained below one burst. Sound does not come here, and
/// does not fill the bucket: where little more than sound fits, pictures would never get their turn. Repeats go
/// before pictures, because others wait for them already; both keep their order. While a probe runs, packets
/// leave at its rate, and padding where none wait.
package struct Pacer: Sendable {
    /// A packet that waits, by its stream and number; its bytes are in that stream's cache.
    package struct Item: Sendable, Hashable {
        /// Which stream of the owner.
        package var stream: Int
        /// Its sequence number.
        package var sequence: UInt16
        /// Its size with headers.
        package var byteCount: Int
        /// Whether it was sent before.
        package var isRepeat: Bool

        /// Makes an item.
        package init(stream: Int, sequence: UInt16, byteCount: Int, isRepeat: Bool = false) {
            self.stream = stream
            self.sequence = sequence
            self.byteCount = byteCount
            self.isRepeat = isRepeat
        }
    }

    /// What may leave.
    package enum Departure: Sendable, Hashable {
        /// A packet that waited; it has been counted.
        case packet(Item)
        /// A packet of about this size that only fills the path; the owner notes its size.
        case padding(byteCount: Int)
    }

    /// Packets waiting, at most.
    package static let capacity = 400
    /// How much faster than the target rate packets leave, unless told otherwise.
    package static let factor = 2.5
    /// Below this rate waiting would only cost time.
    private static let slowest = Bitrate.kilobits(300)
    /// What may leave at once.
    private static let burst: Duration = .milliseconds(5)
    /// Padding delays what waits by this at most.
    private static let longestDebt: Duration = .milliseconds(100)

    private var repeats = PacerQueue()
    private var pictures = PacerQueue()
    private var rate: Bitrate
    /// Bytes that have left and not yet drained.
    private var level = 0.0
    private var lastUpdate: MonotonicTime?
    private var run: ProbeRun?
    /// Packets refused because the queue was full.
    package private(set) var refusedCount = 0

    /// Makes a pacer for media of `target` bits per second.
    package init(target: Bitrate) {
        rate = max(target * Self.factor, Self.slowest)
        repeats.reserve(Self.capacity / 4)
        pictures.reserve(Self.capacity)
    }

    /// Changes what may be sent, on average, and how much faster packets leave.
    package mutating func update(target: Bitrate, factor: Double = Self.factor) {
        rate = max(target * factor, Self.slowest)
    }

    /// Packets that wait.
    package var count: Int { repeats.count + pictures.count }

    /// How long the packet that is added now will wait.
    package var waitingTime: Duration { rate.time(for: repeats.byteCount + pictures.byteCount) }

    /// The probe that runs: what leaves now belongs to it.
    package var probe: ProbeID? { run?.plan.id }

    /// Puts a packet behind those of its kind; false when there are too many, and it will not be sent.
    package mutating func append(_ item: Item) -> Bool {
        guard count < Self.capacity else {
            refusedCount += 1
            return false
        }
        if item.isRepeat { repeats.append(item) } else { pictures.append(item) }
        return true
    }

    /// Begins a probe; its first packet may leave at once.
    package mutating func begin(_ probe: ProbePlan) {
        run = ProbeRun(probe)
    }

    /// Ends the probe, complete or not.
    package mutating func endProbe() {
        run = nil
    }

    /// Takes note of padding that was sent.
    package mutating func note(_ byteCount: Int, at now: MonotonicTime) {
        drain(to: now)
        count(byteCount, at: now)
        level = min(level, Double(rate.bytes(in: Self.longestDebt)))
    }

    /// What may be sent now, if anything.
    package mutating func next(at now: MonotonicTime) -> Departure? {
        drain(to: now)
        if run?.isComplete ?? false { run = nil }
        if let run {
            guard run.nextDeparture.map({ $0 <= now }) ?? true else { return nil }
            guard let item = nextItem() else { return .padding(byteCount: run.plan.packetBytes) }
            count(item.byteCount, at: now)
            return .packet(item)
        }
        guard level <= burstBytes, let item = nextItem() else { return nil }
        count(item.byteCount, at: now)
        return .packet(item)
    }

    /// When the next packet may be sent.
    package var nextDeadline: MonotonicTime? {
        guard let lastUpdate else { return nil }
        if let run { return run.nextDeparture ?? lastUpdate }
        guard count > 0 else { return nil }
        let excess = max(0, level - burstBytes)
        // One microsecond more, so that rounding does not wake us in vain.
        return lastUpdate + .nanoseconds(Int64(excess * 8e9 / Double(rate.bitsPerSecond)) + 1_000)
    }

    /// Forgets the packets of streams that are gone.
    package mutating func removeAll(where isGone: (_ stream: Int) -> Bool) {
        repeats.removeAll(where: isGone)
        pictures.removeAll(where: isGone)
    }

    private mutating func nextItem() -> Item? {
        repeats.removeFirst() ?? pictures.removeFirst()
    }

    private mutating func count(_ byteCount: Int, at now: MonotonicTime) {
        level += Double(byteCount)
        run?.sent(byteCount, at: now)
    }

    private var burstBytes: Double { Double(rate.bytes(in: Self.burst)) }

    private mutating func drain(to now: MonotonicTime) {
        defer { lastUpdate = max(now, lastUpdate ?? now) }
        guard let lastUpdate, now > lastUpdate else { return }
        level = max(0, level - Double(rate.bitsPerSecond) / 8 * (now - lastUpdate).inSeconds)
    }
}
