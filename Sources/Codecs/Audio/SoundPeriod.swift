/// Finds after how many samples sound resembles itself most, which for a voice is a multiple of its pitch period.
///
/// The measure is the normalised cross-correlation of two stretches (Verhelst and Roelands, "An overlap-add technique
/// based on waveform similarity", ICASSP 1993). A first search looks at every fourth sample, a second one around its best.
struct SoundPeriod {
    /// 2.5 ms at 48 kHz: a pitch of 400 Hz.
    static let shortest = 120
    /// 15 ms at 48 kHz: a pitch of 67 Hz.
    static let longest = 720
    /// Samples that are compared, and later faded into one another: 5 ms.
    static let overlap = 240
    private static let coarseStep = 4
    /// Below this mean square nobody hears where a cut is.
    static let inaudibleEnergy: Float = 900

    /// The distance in samples.
    let length: Int
    /// From 1 (the same) through 0 (nothing in common) to -1; 1 when both are all but silent.
    let similarity: Float

    /// The distance after which what begins at `anchor` begins once more, or `nil` when too few samples are there.
    static func find(after anchor: Int, in samples: borrowing Span<Int16>) -> SoundPeriod? {
        find(at: anchor, in: samples, direction: 1, upTo: samples.count - anchor - overlap)
    }

    /// The distance before the last samples at which they were heard already.
    static func find(beforeEndOf samples: borrowing Span<Int16>) -> SoundPeriod? {
        find(at: samples.count - overlap, in: samples, direction: -1, upTo: samples.count - overlap)
    }

    /// The mean square.
    static func energy(of samples: borrowing Span<Int16>) -> Float {
        var sum: Float = 0
        for index in samples.indices {
            let sample = Float(samples[index])
            sum += sample * sample
        }
        return samples.isEmpty ? 0 : sum / Float(samples.count)
    }

    private static func find(
        at anchor: Int, in samples: borrowing Span<Int16>, direction: Int, upTo limit: Int
    ) -> SoundPeriod? {
        let limit = min(limit, longest)
        guard anchor >= 0, limit >= shortest else { return nil }
        var best = SoundPeriod(length: 0, similarity: -2)
        func look(at length: Int, step: Int) {
            let similarity = similarity(of: samples, anchor, anchor + direction * length, step: step)
            if similarity > best.similarity { best = SoundPeriod(length: length, similarity: similarity) }
        }
        for length in stride(from: shortest, through: limit, by: coarseStep) {
            look(at: length, step: coarseStep)
        }
        let coarse = best.length
        best = SoundPeriod(length: 0, similarity: -2)
        for length in max(shortest, coarse - coarseStep + 1)...min(limit, coarse + coarseStep - 1) {
            look(at: length, step: 1)
        }
        return best
    }

    private static func similarity(of samples: borrowing Span<Int16>, _ one: Int, _ other: Int, step: Int)
        -> Float
    {
        var (product, first, second): (Float, Float, Float) = (0, 0, 0)
        for offset in stride(from: 0, to: overlap, by: step) {
            let (a, b) = (Float(samples[one + offset]), Float(samples[other + offset]))
            product += a * b
            first += a * a
            second += b * b
        }
        let quiet = inaudibleEnergy * Float(overlap / step)
        if first < quiet, second < quiet { return 1 }
        return first > 0 && second > 0 ? product / (first * second).squareRoot() : 0
    }
}
