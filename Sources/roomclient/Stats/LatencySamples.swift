import MediaCore

/// Latencies of pictures, summed up by quantiles. Keeps a bounded number of them: beyond that, every
/// second one.
struct LatencySamples: Sendable {
    private static let limit = 65_536

    private var milliseconds: [Double] = []
    /// Every how manyth sample is kept.
    private var stride = 1
    private var count = 0
    /// The longest, never left out.
    private(set) var maximum = 0.0

    init() {}

    /// Whether there is none.
    var isEmpty: Bool { milliseconds.isEmpty }

    /// Adds a latency.
    mutating func add(_ value: Duration) {
        let value = value.inMilliseconds
        maximum = max(maximum, value)
        if count.isMultiple(of: stride) { milliseconds.append(value) }
        count += 1
        if milliseconds.count >= Self.limit {
            milliseconds = milliseconds.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
            stride *= 2
        }
    }

    /// Forgets everything.
    mutating func removeAll() { self = LatencySamples() }

    /// The value below which a share of all lies, by the nearest rank.
    func quantile(_ share: Double) -> Double {
        guard !milliseconds.isEmpty else { return 0 }
        let sorted = milliseconds.sorted()
        let rank = Int((share * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank - 1, 0), sorted.count - 1)]
    }

    /// `{"p50","p95","max"}`, or null.
    var json: JSONText {
        isEmpty
            ? .null
            : ["p50": .fraction(quantile(0.5)), "p95": .fraction(quantile(0.95)), "max": .fraction(maximum)]
    }
}
