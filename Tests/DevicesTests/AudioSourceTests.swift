import Foundation
import MediaCore
import Testing

@testable import Devices

@Suite("Sound without devices")
struct AudioSourceTests {
    @Test("a tone has its frequency and no step from period to period", arguments: [440.0, 1_000, 97.3])
    func toneIsContinuous(hertz: Double) throws {
        var oscillator = Oscillator(hertz: hertz, amplitude: 0.5)
        var samples: [Int16] = []
        for _ in 0..<200 {
            var period = [Int16](repeating: 0, count: 480)
            _ = period.withUnsafeMutableBufferPointer { oscillator.fill($0) }
            samples += period
        }
        #expect(abs(frequency(of: samples) - hertz) < 0.5)
        let largestStep = 2 * Double.pi * hertz / 48_000 * 0.5 * 32_767 + 2
        for (left, right) in zip(samples, samples.dropFirst()) {
            #expect(abs(Double(right) - Double(left)) <= largestStep)
        }
        #expect(samples.max().map { abs(Int($0) - 16_383) < 200 } == true)
    }

    @Test(
        "a tone beyond what 48 kHz can hold, or no number, is still a tone",
        arguments: [0, -3, 1e9, .nan, .infinity])
    func toneIsBounded(hertz: Double) throws {
        let input = try ToneSource(hertz: hertz).open()
        #expect(try read(480, from: input).count == 480)
    }

    @Test("generated sound keeps real time: 30 periods take 290 ms")
    func keepsTime() throws {
        let input = try ToneSource().open()
        let start = SystemClock.now
        _ = try read(30 * 480, from: input)
        let elapsed = (SystemClock.now - start).inMilliseconds
        #expect(elapsed >= 289)
        #expect(elapsed < 600)
    }

    @Test("time lost in one period is made up for in the next ones: no drift")
    func makesUpForLostTime() throws {
        let input = try SilenceSource().open()
        let start = SystemClock.now
        _ = try read(480, from: input)
        usleep(500_000)
        let samples = try read(59 * 480, from: input)
        #expect((SystemClock.now - start).inMilliseconds < 900)
        #expect(samples.allSatisfy { $0 == 0 })
    }

    @Test("cancellation ends reading at once")
    func endsOnCancellation() async throws {
        let thread = PinnedThread(name: "test-tone")
        let ended = Task(executorPreference: thread) { () throws -> MonotonicTime in
            let input = try ToneSource().open()
            var period = [Int16](repeating: 0, count: 480)
            while try period.withUnsafeMutableBufferPointer({ try input.read($0) }) {}
            return SystemClock.now
        }
        try await Task.sleep(for: .milliseconds(50))
        let cancelled = SystemClock.now
        ended.cancel()
        #expect(try await ended.value - cancelled < .milliseconds(200))
    }

    @Test("samples of a file are looped without a gap, or end with silence")
    func loops() {
        var looped = SamplePlayer(samples: [1, 2, 3], isLooped: true)
        var once = SamplePlayer(samples: [1, 2, 3], isLooped: false)
        var buffer = [Int16](repeating: 9, count: 7)
        let isFull = buffer.withUnsafeMutableBufferPointer { looped.fill($0) }
        #expect(isFull)
        #expect(buffer == [1, 2, 3, 1, 2, 3, 1])
        let isLast = buffer.withUnsafeMutableBufferPointer { once.fill($0) }
        #expect(isLast)
        #expect(buffer == [1, 2, 3, 0, 0, 0, 0])
        let isBeyond = buffer.withUnsafeMutableBufferPointer { once.fill($0) }
        #expect(!isBeyond)
    }

    @Test(
        "a tone keeps frequency and level at every rate of a file",
        arguments: [8_000, 22_050, 44_100, 96_000])
    func resamples(rate: Int) {
        let input = (0..<rate / 2).map { Float(sin(2 * .pi * 1_000 * Double($0) / Double(rate)) * 0.5) }
        let output = Resampler.resample(input, from: rate, to: 48_000)
        #expect(abs(output.count - 24_000) <= 1)
        let middle = output[4_000..<20_000].map { Int16($0 * 32_767) }
        #expect(abs(frequency(of: middle) - 1_000) < 0.5)
        #expect(middle.max().map { abs(Int($0) - 16_383) < 100 } == true)
    }

    @Test("what 48 kHz cannot hold is filtered out, not folded back")
    func filtersAliases() {
        let input = (0..<96_000).map { Float(sin(2 * .pi * 30_000 * Double($0) / 96_000)) }
        let output = Resampler.resample(input, from: 96_000, to: 48_000)
        #expect(output[1_000..<40_000].allSatisfy { abs($0) < 0.01 })
    }

    @Test("a file sink keeps time and writes exactly what it was given")
    func writesFile() throws {
        let path = temporaryPath("wav")
        defer { unlink(path) }
        let output = try FileAudioSink(path: path).open()
        let start = SystemClock.now
        for value in 0..<20 {
            try [Int16](repeating: Int16(value * 100), count: 480).withUnsafeBufferPointer {
                try output.write($0)
            }
        }
        output.close()
        #expect((SystemClock.now - start).inMilliseconds >= 189)
        let input = try FileAudioSource(path: path, isLooped: false).open()
        let samples = try read(.max, from: input)
        #expect(samples.count == 9_600)
        #expect(samples[0] == 0 && samples[9_599] == 1_900)
    }
}
