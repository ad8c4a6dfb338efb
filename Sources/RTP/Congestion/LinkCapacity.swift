import MediaCore

/// What the path carried when it was full, and how sure that is (draft-ietf-rmcat-gcc-02 §5.5).
struct LinkCapacity: Sendable {
    private static let weight = 0.05
    private static let variances = 0.4...2.5

    /// Kilobits per second; `nil` = not known, or not any more.
    private var average: Double?
    /// Variance of the measurements, normalized by the average.
    private var variance = 0.4

    /// Whether the path was full at least once since it was last forgotten.
    var isKnown: Bool { average != nil }

    /// Takes what came through while a queue grew.
    mutating func overused(at rate: Bitrate) {
        let sample = Double(rate.bitsPerSecond) / 1_000
        // Three deviations off: this is another path now.
        if let average, abs(sample - average) > 3 * deviation { self.average = nil }
        guard let old = average else { return average = sample }
        let new = old + Self.weight * (sample - old)
        let error = (old - sample) * (old - sample) / max(new, 1)
        variance += Self.weight * (error - variance)
        variance = min(max(variance, Self.variances.lowerBound), Self.variances.upperBound)
        average = new
    }

    /// Forgets what was known if more than that comes through now.
    mutating func check(_ rate: Bitrate) {
        guard let average, Double(rate.bitsPerSecond) / 1_000 > average + 3 * deviation else { return }
        self.average = nil
    }

    /// Whether `rate` is about what the path carries; more than that proves it carries more now.
    mutating func isNear(_ rate: Bitrate) -> Bool {
        check(rate)
        guard let average else { return false }
        return Double(rate.bitsPerSecond) / 1_000 >= average - 3 * deviation
    }

    private var deviation: Double { (variance * (average ?? 0)).squareRoot() }
}
