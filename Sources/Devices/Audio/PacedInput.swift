import MediaCore

/// Makes periods of sound out of nothing: what a `PacedInput` reads.
protocol PeriodGenerator {
    /// Writes the next samples; false when there are none left.
    mutating func fill(_ period: UnsafeMutableBufferPointer<Int16>) -> Bool
}

/// Gives generated sound the pace of a sound card: 100 periods a second on the monotonic clock.
final class PacedInput<Generator: PeriodGenerator>: AudioInput {
    private var generator: Generator
    /// Starts with the first read, so that time spent before it is not made up for.
    private var metronome: Metronome?

    init(_ generator: Generator) {
        self.generator = generator
    }

    func read(_ period: UnsafeMutableBufferPointer<Int16>) throws -> Bool {
        var metronome = metronome ?? Metronome(beatsPerSecond: 100)
        guard metronome.wait() else { return false }
        self.metronome = metronome
        return generator.fill(period)
    }

    var delay: Duration { .zero }

    func close() {}
}
