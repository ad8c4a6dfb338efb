/// What a path carried when it was full: the average of those moments, and how far they scatter
/// (draft-ietf-rmcat-gcc-02 §5.5).
struct RemoteLinkCapacity: Sendable {
    /// What a new moment adds to the average.
    private static let weight = 0.05
    private static let deviations = 0.4...2.5

    /// In kilobits per second, as the deviation is relative to its root.
    private var average: Double?
    private var deviation = 0.4

    /// Whether the path was full at least once since it was last forgotten.
    var isKnown: Bool { average != nil }

    /// Takes what came through when the path was full, in bits per second.
    mutating func receive(_ rate: Double) {
        let kilobits = rate / 1_000
        // Far below the average it is another path.
        guard let before = average, kilobits >= before - 3 * spread(of: before) else {
            average = kilobits
            return
        }
        let error = before - kilobits
        average = before - Self.weight * error
        let scatter = error * error / max(before, 1)
        let smoothed = (1 - Self.weight) * deviation + Self.weight * scatter
        deviation = min(max(smoothed, Self.deviations.lowerBound), Self.deviations.upperBound)
    }

    /// Forgets the average once more comes through than it explains.
    mutating func check(_ rate: Double) {
        guard let average, rate / 1_000 > average + 3 * spread(of: average) else { return }
        self.average = nil
    }

    private func spread(of kilobits: Double) -> Double { (deviation * max(kilobits, 0)).squareRoot() }
}
