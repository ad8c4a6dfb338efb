import Glibc

/// Changes the sample rate of a whole piece of sound by a windowed sinc filter. Used when a file is loaded.
enum Resampler {
    /// Zero crossings of the sinc on each side: enough for 80 dB.
    private static let reach = 16

    /// The samples at the new rate; as long, in time, as before.
    static func resample(_ input: [Float], from inputRate: Int, to outputRate: Int) -> [Float] {
        guard inputRate != outputRate, inputRate > 0, outputRate > 0, !input.isEmpty else { return input }
        let divisor = greatestCommonDivisor(inputRate, outputRate)
        let (up, down) = (outputRate / divisor, inputRate / divisor)
        // The cutoff is the lower of the two half rates, so that nothing folds back.
        let cutoff = min(1, Double(outputRate) / Double(inputRate))
        let halfWidth = Int((Double(reach) / cutoff).rounded(.up))
        let filter = phases(up, halfWidth: halfWidth, cutoff: cutoff)

        var output = [Float](repeating: 0, count: max(1, input.count * up / down))
        for index in output.indices {
            let position = index * down
            let (center, phase) = (position / up, position % up)
            let taps = filter[phase]
            var sum: Float = 0
            for tap in taps.indices {
                let source = center + tap - halfWidth + 1
                if source >= 0, source < input.count { sum += input[source] * taps[tap] }
            }
            output[index] = sum
        }
        return output
    }

    /// One row of filter taps for each place between two input samples that an output sample can have.
    private static func phases(_ count: Int, halfWidth: Int, cutoff: Double) -> [[Float]] {
        (0..<count).map { phase in
            let fraction = Double(phase) / Double(count)
            let taps = (0..<2 * halfWidth).map { tap in
                let distance = Double(tap - halfWidth + 1) - fraction
                return sinc(distance * cutoff) * window(distance / Double(halfWidth)) * cutoff
            }
            // Every phase passes a constant unchanged.
            let gain = taps.reduce(0, +)
            return taps.map { Float($0 / gain) }
        }
    }

    private static func sinc(_ x: Double) -> Double {
        abs(x) < 1e-9 ? 1 : sin(.pi * x) / (.pi * x)
    }

    /// Blackman's window over -1...1.
    private static func window(_ x: Double) -> Double {
        abs(x) >= 1 ? 0 : 0.42 + 0.5 * cos(.pi * x) + 0.08 * cos(2 * .pi * x)
    }

    private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
        second == 0 ? first : greatestCommonDivisor(second, first % second)
    }
}
