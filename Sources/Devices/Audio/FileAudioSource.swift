package import MediaCore

/// A WAV file in place of a microphone, in real time, looped; any rate and number of channels.
package struct FileAudioSource: AudioSource {
    private let samples: [Int16]
    private let isLooped: Bool

    /// Reads and converts the whole file. Throws when it is missing or no WAV file with sound in it.
    package init(path: String, isLooped: Bool = true) throws(DeviceError) {
        let file: WAVFile
        do {
            file = try WAVFile(parsing: readFile(path))
        } catch let error as DeviceError {
            throw error
        } catch {
            throw .badFile(path: path, reason: "\(error)")
        }
        let resampled = Resampler.resample(file.samples, from: file.sampleRate, to: 48_000)
        samples = resampled.map { Int16(min(max($0 * 32_768, -32_768), 32_767)) }
        self.isLooped = isLooped
        guard !samples.isEmpty else { throw .badFile(path: path, reason: "it holds no sound") }
    }

    /// Length of the file once.
    package var duration: Duration { .nanoseconds(Int64(samples.count) * 1_000_000_000 / 48_000) }

    package func open() throws -> any AudioInput {
        PacedInput(SamplePlayer(samples: samples, isLooped: isLooped))
    }
}

/// Hands out samples period by period; the last one is filled up with silence.
struct SamplePlayer: PeriodGenerator {
    let samples: [Int16]
    let isLooped: Bool
    private var position = 0

    init(samples: [Int16], isLooped: Bool) {
        self.samples = samples
        self.isLooped = isLooped
    }

    mutating func fill(_ period: UnsafeMutableBufferPointer<Int16>) -> Bool {
        guard position < samples.count || isLooped, !samples.isEmpty else { return false }
        for index in period.indices {
            if position == samples.count, isLooped { position = 0 }
            let isOver = position >= samples.count
            period[index] = isOver ? 0 : samples[position]
            if !isOver { position += 1 }
        }
        return true
    }
}
