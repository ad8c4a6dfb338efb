import Codecs
import MediaCore
import Testing

@Suite("Audio processor")
struct AudioProcessorTests {
    private static let delay = 80

    /// What a microphone hears of `far`: later, weaker, with a tail of reflections.
    private func echo(of far: [Int16]) -> [Int16] {
        let delay = Self.delay * 48
        return far.indices.map { index in
            var sample = 0.0
            for tap in 0..<12 where index - delay - tap * 97 >= 0 {
                sample += Double(far[index - delay - tap * 97]) * 0.35 / Double(1 + tap * tap)
            }
            return Int16(max(-32_768, min(32_767, sample)))
        }
    }

    /// Plays `far` and returns what is left of `microphone`.
    private func process(_ microphone: [Int16], far: [Int16], by processor: AudioProcessor) -> [Int16] {
        var cleaned = microphone
        for start in stride(from: 0, to: microphone.count, by: 480) {
            far[start..<start + 480].withUnsafeBufferPointer { _ = processor.render($0) }
            cleaned[start..<start + 480].withUnsafeMutableBufferPointer {
                _ = processor.capture($0, delay: .milliseconds(Self.delay))
            }
        }
        return cleaned
    }

    @Test("the echo of the speaker is at least 20 dB down after two seconds")
    func echoCancelling() throws {
        let far = Sound.speech(count: 48_000 * 5, seed: 3)
        let heard = echo(of: far)
        let settings = AudioProcessorSettings(
            cancelsEcho: true, suppressesNoise: false, controlsGain: false, filtersLowFrequencies: false)
        let cleaned = process(heard, far: far, by: try AudioProcessor(settings: settings))
        let window = 48_000 * 2..<48_000 * 5
        #expect(Sound.power(cleaned[window]) < Sound.power(heard[window]) / 100)
    }

    @Test("with everything off the sound passes unchanged")
    func allOff() throws {
        let settings = AudioProcessorSettings(
            cancelsEcho: false, suppressesNoise: false, controlsGain: false, filtersLowFrequencies: false)
        let near = Sound.speech(count: 48_000)
        let cleaned = process(near, far: near, by: try AudioProcessor(settings: settings))
        let worst = zip(near, cleaned).map { abs(Int($0) - Int($1)) }.max()
        #expect(try #require(worst) <= 1)
    }

    @Test("speech without echo is let through")
    func nearSpeech() throws {
        let near = Sound.speech(count: 48_000 * 3)
        let silence = [Int16](repeating: 0, count: near.count)
        let cleaned = process(near, far: silence, by: try AudioProcessor())
        let window = 48_000..<48_000 * 3
        #expect(Sound.power(cleaned[window]) > Sound.power(near[window]) / 2)
    }

    @Test("steady noise becomes weaker once the part is switched on during the call")
    func noiseSuppression() throws {
        var settings = AudioProcessorSettings(
            cancelsEcho: false, suppressesNoise: false, controlsGain: false, filtersLowFrequencies: false)
        let processor = try AudioProcessor(settings: settings)
        var generator = SeededGenerator(seed: 5)
        let noise = (0..<48_000 * 2).map { _ in Int16.random(in: -600...600, using: &generator) }
        let silence = [Int16](repeating: 0, count: noise.count)
        let before = process(noise, far: silence, by: processor)
        settings.suppressesNoise = true
        processor.set(settings)
        let after = process(noise, far: silence, by: processor)
        #expect(Sound.power(after[48_000...]) < Sound.power(before[48_000...]) / 10)
    }

    @Test("a period of another length is refused and left alone")
    func wrongLength() throws {
        let processor = try AudioProcessor()
        var period = [Int16](repeating: 9, count: 441)
        #expect(!period.withUnsafeMutableBufferPointer { processor.capture($0, delay: .seconds(-1)) })
        #expect(!period.withUnsafeBufferPointer { processor.render($0) })
        #expect(period.allSatisfy { $0 == 9 })
    }
}
