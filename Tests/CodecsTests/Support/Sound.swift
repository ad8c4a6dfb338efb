import Glibc
import MediaCore

/// Synthetic sound at 48 kHz.
enum Sound {
    /// A sine wave; `amplitude` is a share of full scale.
    static func tone(frequency: Double, count: Int, amplitude: Double = 0.5) -> [Int16] {
        (0..<count).map { Int16(amplitude * 32_767 * sin(2 * .pi * frequency * Double($0) / 48_000)) }
    }

    /// Something like speech: syllables of a gliding buzz with overtones, with pauses between them.
    static func speech(count: Int, seed: UInt64 = 1) -> [Int16] {
        var generator = SeededGenerator(seed: seed)
        var (phase, pitch, colour) = (0.0, 120.0, 3.0)
        return (0..<count).map { index in
            let position = index % 12_000
            if position == 0 {
                pitch = Double.random(in: 90...220, using: &generator)
                colour = Double.random(in: 2...9, using: &generator)
            }
            phase += (pitch + 30 * sin(Double(index) / 3_000)) / 48_000
            let envelope = position < 9_000 ? sin(.pi * Double(position) / 9_000) : 0
            var sample = 0.0
            for overtone in 1...8 {
                let distance = (Double(overtone) - colour) / 2
                sample += exp(-distance * distance) * sin(2 * .pi * phase * Double(overtone))
            }
            return Int16(7_000 * envelope * sample + Double.random(in: -20...20, using: &generator))
        }
    }

    /// Mean square of samples.
    static func power(_ samples: some Collection<Int16>) -> Double {
        samples.isEmpty ? 0 : samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count)
    }

    /// Frequency by counting upward zero crossings.
    static func frequency(_ samples: ArraySlice<Int16>, sampleRate: Double = 48_000) -> Double {
        let crossings = zip(samples, samples.dropFirst()).count { $0 < 0 && $1 >= 0 }
        return Double(crossings) * sampleRate / Double(samples.count)
    }
}
