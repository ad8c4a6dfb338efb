package import MediaCore

/// One direction of a simulated network path: what goes in comes out later, out of order, twice or
/// never.
package struct LinkModel: Sendable {
    /// What a path is like.
    package struct Settings: Sendable {
        /// Time that every datagram takes.
        package var delay: Duration = .milliseconds(20)
        /// Time that is added by chance, up to this; without `reorders`, later datagrams wait for
        /// earlier ones.
        package var jitter: Duration = .zero
        /// Standard deviation of time that is added or taken off by a normal distribution.
        package var deviation: Duration = .zero
        /// Whether jitter may change the order.
        package var reorders = false
        /// Share of datagrams lost one by one.
        package var loss = 0.0
        /// Share of datagrams at which a burst of losses begins.
        package var bursts = 0.0
        /// Datagrams lost in one burst, about.
        package var burstLength = 5
        /// Share of datagrams that come twice.
        package var duplicates = 0.0
        /// What the path carries; `nil` = anything.
        package var rate: Bitrate?
        /// Longest queue in front of a path with a rate.
        package var longestQueue: Duration = .milliseconds(300)

        /// Makes a path that only takes 20 ms.
        package init() {}

        /// Nothing happens but time.
        package static var perfect: Settings { Settings() }

        /// Short, uneven, with single losses.
        package static var wifi: Settings {
            var settings = Settings()
            (settings.delay, settings.jitter, settings.reorders) = (.milliseconds(5), .milliseconds(15), true)
            settings.loss = 0.01
            return settings
        }

        /// As issue texts want it: every twentieth packet is lost.
        package static var lossy: Settings {
            var settings = Settings()
            (settings.delay, settings.loss) = (.milliseconds(25), 0.05)
            return settings
        }

        /// A queue that is nearly full, with losses in bursts.
        package static var congested: Settings {
            var settings = Settings()
            (settings.delay, settings.jitter) = (.milliseconds(40), .milliseconds(40))
            (settings.bursts, settings.rate) = (0.005, .kilobits(4_000))
            return settings
        }

        /// Long and uneven.
        package static var cellular: Settings {
            var settings = Settings()
            (settings.delay, settings.jitter, settings.reorders) = (
                .milliseconds(50), .milliseconds(60), true
            )
            (settings.loss, settings.duplicates) = (0.02, 0.01)
            return settings
        }

        /// Very long.
        package static var satellite: Settings {
            var settings = Settings()
            (settings.delay, settings.loss) = (.milliseconds(280), 0.01)
            return settings
        }
    }

    /// IPv4 and UDP take their share of a path with a rate.
    private static let headerBytes = 28

    private struct Flight: Sendable {
        var arrival: MonotonicTime
        var bytes: [UInt8]
    }

    /// What the path is like now.
    package var settings: Settings
    /// While true nothing gets through.
    package var isDown = false
    private var generator: SeededGenerator
    private var flights: [Flight] = []
    private var burstLeft = 0
    private var busyUntil = MonotonicTime.zero
    private var lastArrival = MonotonicTime.zero
    /// Datagrams that went in.
    package private(set) var sentCount = 0
    /// Datagrams that were lost.
    package private(set) var lostCount = 0
    /// Bytes that went in.
    package private(set) var byteCount = 0

    /// Makes a path whose accidents follow from `seed`.
    package init(_ settings: Settings, seed: UInt64) {
        self.settings = settings
        generator = SeededGenerator(seed: seed)
    }

    /// A datagram goes in.
    package mutating func send(_ bytes: [UInt8], at now: MonotonicTime) {
        sentCount += 1
        byteCount += bytes.count
        guard !isDown, !isLost(), let leaves = queue(bytes.count, at: now) else {
            lostCount += 1
            return
        }
        let isTwice = chance(settings.duplicates)
        for _ in 0..<(isTwice ? 2 : 1) {
            let extra = Double.random(in: 0...1, using: &generator) * settings.jitter.inSeconds + normal()
            var arrival = leaves + settings.delay + .nanoseconds(Int64(extra * 1e9))
            if !settings.reorders { arrival = max(arrival, lastArrival) }
            lastArrival = max(lastArrival, arrival)
            let index = flights.lastIndex { $0.arrival <= arrival }.map { $0 + 1 } ?? 0
            flights.insert(Flight(arrival: arrival, bytes: bytes), at: index)
        }
    }

    /// How long what goes in now waits in the queue.
    package func waitingTime(at now: MonotonicTime) -> Duration { max(.zero, busyUntil - now) }

    /// When the next datagram comes out.
    package var nextArrival: MonotonicTime? { flights.first?.arrival }

    /// A datagram that has come out by `now`.
    package mutating func receive(at now: MonotonicTime) -> [UInt8]? {
        guard let first = flights.first, first.arrival <= now else { return nil }
        return flights.removeFirst().bytes
    }

    /// A normal deviation, as the sum of twelve even ones.
    private mutating func normal() -> Double {
        guard settings.deviation > .zero else { return 0 }
        var sum = -6.0
        for _ in 0..<12 { sum += Double.random(in: 0...1, using: &generator) }
        return max(-settings.delay.inSeconds, sum * settings.deviation.inSeconds)
    }

    private mutating func isLost() -> Bool {
        if burstLeft > 0 {
            burstLeft -= 1
            return true
        }
        if chance(settings.bursts) {
            burstLeft = settings.burstLength - 1
            return true
        }
        return chance(settings.loss)
    }

    private mutating func chance(_ share: Double) -> Bool {
        share > 0 && Double.random(in: 0..<1, using: &generator) < share
    }

    /// When a datagram leaves the queue in front of the path; `nil` when the queue is too long.
    private mutating func queue(_ byteCount: Int, at now: MonotonicTime) -> MonotonicTime? {
        guard let rate = settings.rate else { return now }
        let begin = max(now, busyUntil)
        guard begin - now <= settings.longestQueue else { return nil }
        busyUntil = begin + rate.time(for: byteCount + Self.headerBytes)
        return busyUntil
    }
}
