package import MediaCore

/// Measures how much is repeated: at the moment, and on average over some seconds.
///
/// An encoder makes room for repeats at once. A room cannot: it would go over to another size, which costs a key frame,
/// for a burst of losses that is over when the key frame comes.
package struct RepeatRate: Sendable {
    /// Time constant of the average.
    private static let memory: Duration = .seconds(3)

    private var meter = RateMeter()
    /// Bits per second.
    private var average = 0.0
    private var lastUpdate: MonotonicTime?

    /// Makes a meter that has seen nothing.
    package init() {}

    /// Counts a packet that is repeated.
    package mutating func receive(bytes: Int, at now: MonotonicTime) {
        meter.receive(bytes: bytes, at: now)
        average = decayed(to: now) + Double(bytes * 8) / Self.memory.inSeconds
        lastUpdate = max(now, lastUpdate ?? now)
    }

    /// What is repeated at the moment.
    package mutating func current(at now: MonotonicTime) -> Bitrate {
        meter.bitrate(at: now)
    }

    /// What was repeated on average.
    package func usual(at now: MonotonicTime) -> Bitrate {
        Bitrate(bitsPerSecond: Int(min(decayed(to: now), 1e10)))
    }

    private func decayed(to now: MonotonicTime) -> Double {
        guard let lastUpdate else { return 0 }
        let passed = max(0, (now - lastUpdate).inSeconds)
        return average * max(0, 1 - passed / Self.memory.inSeconds)
    }
}
