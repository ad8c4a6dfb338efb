package import MediaCore

/// How much came by in the last half second (draft-ietf-rmcat-gcc-02 §5.5).
package struct RateMeter: Sendable {
    /// The time it looks back.
    static let window: Duration = .milliseconds(500)
    private static let slotNanoseconds: Int64 = 10_000_000
    private static let slotCount: Int64 = 50

    /// Bytes by time slot modulo their number.
    private var slots = [Int](repeating: 0, count: Int(Self.slotCount))
    private var total = 0
    private var newest: Int64?
    private var start: MonotonicTime?

    /// Makes a meter that has seen nothing.
    package init() {}

    /// Counts a packet.
    package mutating func receive(bytes: Int, at now: MonotonicTime) {
        advance(to: now)
        if start == nil { start = now }
        slots[Self.index(of: newest ?? 0)] += bytes
        total += bytes
    }

    /// The rate, nothing until a whole window has passed.
    package mutating func bitrate(at now: MonotonicTime) -> Bitrate {
        // Limited, because a sender may claim anything.
        Bitrate(bitsPerSecond: Int(min(rate(at: now) ?? 0, 1e10)))
    }

    /// Bits per second; `nil` until a whole window has passed.
    mutating func rate(at now: MonotonicTime) -> Double? {
        guard let start, now - start >= Self.window else { return nil }
        advance(to: now)
        return Double(total * 8) / Self.window.inSeconds
    }

    private mutating func advance(to now: MonotonicTime) {
        let slot = now.nanoseconds / Self.slotNanoseconds
        // Time that goes back counts as no time.
        guard let last = newest, slot < last &+ Self.slotCount else {
            newest = slot
            total = 0
            for index in slots.indices { slots[index] = 0 }
            return
        }
        guard slot > last else { return }
        for passed in last + 1...slot {
            total -= slots[Self.index(of: passed)]
            slots[Self.index(of: passed)] = 0
        }
        newest = slot
    }

    private static func index(of slot: Int64) -> Int {
        Int((slot % slotCount + slotCount) % slotCount)
    }
}
