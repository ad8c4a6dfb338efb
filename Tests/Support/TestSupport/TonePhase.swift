import Foundation

/// Measures whether a tone runs on evenly.
package enum TonePhase {
    /// The largest step of the tone's phase from one 10 ms to the next, in cycles.
    ///
    /// A packet of 20 ms left out of 440 Hz shows as 0.2.
    package static func largestStep(of samples: [Int16], frequency: Double) -> Double {
        let phases = phases(of: samples, frequency: frequency)
        return zip(phases, phases.dropFirst()).map { abs($1 - $0 - ($1 - $0).rounded()) }.max() ?? 0
    }

    /// The tone's phase in each 10 ms, in cycles, against an even run; `samples` are at 48 kHz.
    package static func phases(of samples: [Int16], frequency: Double) -> [Double] {
        stride(from: 0, to: samples.count - 479, by: 480).map { begin in
            var (real, imaginary) = (0.0, 0.0)
            for index in begin..<begin + 480 {
                let phase = 2 * Double.pi * frequency * Double(index) / 48_000
                real += Double(samples[index]) * cos(phase)
                imaginary -= Double(samples[index]) * sin(phase)
            }
            return atan2(imaginary, real) / (2 * .pi)
        }
    }

    /// Samples of a tone at 48 kHz from sample number `first` on.
    package static func tone(_ frequency: Double, from first: Int, count: Int) -> [Int16] {
        (first..<first + count).map { Int16(10_000 * sin(2 * .pi * frequency * Double($0) / 48_000)) }
    }
}
