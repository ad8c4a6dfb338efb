import MediaCore

/// Measures how much arrives at the other side (draft-ietf-rmcat-gcc-02 §5.5, R_hat).
///
/// Over the last 300 ms by the receiver's clock: shorter than the draft's half second, so that the
/// first back-off after a drop already lands near what the path carries now.
struct AcknowledgedRate: Sendable {
    private static let bucket: Int64 = 25_000_000
    private static let window = 12
    /// Buckets needed for a first measurement.
    private static let needed: Int64 = 6

    /// Bytes that came in each span of 25 ms, by its number modulo the count.
    private var buckets = [Int](repeating: 0, count: Self.window + 1)
    private var first: Int64 = 0
    /// The span that is being filled.
    private var latest: Int64?

    /// Takes a packet that came.
    mutating func receive(_ packet: PacketArrival) {
        let number = packet.arrival.nanoseconds / Self.bucket
        let window = Int64(Self.window)
        // After silence, or when the other clock was set, measuring begins anew.
        guard let last = latest, number &- last <= window, last &- number <= window else {
            self = AcknowledgedRate()
            (first, latest) = (number, number)
            buckets[slot(of: number)] = packet.byteCount
            return
        }
        first = min(first, number)
        if number > last {
            for passed in (last + 1)...number { buckets[slot(of: passed)] = 0 }
            latest = number
        }
        buckets[slot(of: number)] += packet.byteCount
    }

    /// What arrives; `nil` until there is enough to tell.
    var rate: Bitrate? {
        guard let latest, latest - first >= Self.needed else { return nil }
        // The span that is being filled does not count, nor what lies before the first.
        let count = min(latest - first, Int64(Self.window))
        let bytes = buckets.reduce(0, +) - buckets[slot(of: latest)]
        // Limited, because a receiver may claim that everything came at one time.
        return Bitrate(bitsPerSecond: Int(min(Double(bytes) * 8e9 / Double(count * Self.bucket), 1e10)))
    }

    private func slot(of number: Int64) -> Int {
        let count = Int64(Self.window + 1)
        return Int(((number % count) + count) % count)
    }
}
