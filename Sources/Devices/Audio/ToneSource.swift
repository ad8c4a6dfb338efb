import Glibc
package import MediaCore

/// A sine wave in place of a microphone, in real time and without a click from period to period.
package struct ToneSource: AudioSource {
    private let hertz: Double
    private let amplitude: Double

    /// A tone of `hertz`, cut to 1...23,999; `amplitude` 0...1 of full scale.
    package init(hertz: Double = 440, amplitude: Double = 0.25) {
        self.hertz = hertz.isFinite ? min(max(hertz, 1), 23_999) : 440
        self.amplitude = min(max(amplitude, 0), 1)
    }

    package func open() throws -> any AudioInput {
        PacedInput(Oscillator(hertz: hertz, amplitude: amplitude))
    }
}

/// Silence in place of a microphone, in real time.
package struct SilenceSource: AudioSource {
    /// Makes silence.
    package init() {}

    package func open() throws -> any AudioInput {
        PacedInput(Oscillator(hertz: 1, amplitude: 0))
    }
}

/// Computes a sine; the phase goes on where the last period ended.
struct Oscillator: PeriodGenerator {
    private let step: Double
    private let amplitude: Double
    private var phase = 0.0

    init(hertz: Double, amplitude: Double) {
        step = 2 * .pi * hertz / 48_000
        self.amplitude = amplitude * 32_767
    }

    mutating func fill(_ period: UnsafeMutableBufferPointer<Int16>) -> Bool {
        for index in period.indices {
            period[index] = Int16(sin(phase) * amplitude)
            phase += step
            if phase >= 2 * .pi { phase -= 2 * .pi }
        }
        return true
    }
}
