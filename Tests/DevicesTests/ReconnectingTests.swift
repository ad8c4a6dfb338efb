import MediaCore
import Testing

@testable import Devices

@Suite("A sound device that goes away")
struct ReconnectingTests {
    @Test("gives silence in real time, warns once, and is used again when it is back")
    func inputRecovers() throws {
        var warnings: [DeviceWarning] = []
        var attempts = 0
        let input = ReconnectingInput(
            device: "mic", first: FlakyDevice(periods: 3),
            reopen: {
                attempts += 1
                guard attempts == 2 else { throw DeviceError.cannotOpen(device: "mic", reason: "busy") }
                return FlakyDevice(periods: .max)
            },
            warn: { warnings.append($0) })
        let samples = try read(205 * 480, from: input)
        #expect(samples.prefix(3 * 480).allSatisfy { $0 == 7 })
        #expect(samples[(3 * 480)..<(203 * 480)].allSatisfy { $0 == 0 })
        #expect(samples.suffix(480).allSatisfy { $0 == 7 })
        #expect(attempts == 2)
        #expect(warnings == [.stopped(device: "mic", reason: "unplugged"), .isBack(device: "mic")])
    }

    @Test("a speaker that fails takes sound in real time until it is back")
    func outputRecovers() throws {
        var warnings: [DeviceWarning] = []
        let second = FlakyDevice(periods: .max)
        let output = ReconnectingOutput(
            device: "speaker", first: FlakyDevice(periods: 3), reopen: { second },
            warn: { warnings.append($0) })
        let start = SystemClock.now
        for _ in 0..<110 {
            try [Int16](repeating: 1, count: 480).withUnsafeBufferPointer { try output.write($0) }
        }
        #expect((SystemClock.now - start).inMilliseconds > 900)
        #expect(warnings == [.stopped(device: "speaker", reason: "unplugged"), .isBack(device: "speaker")])
        #expect(second.periodsDone > 3)
        output.close()
    }
}

/// Works for a number of periods and then fails.
private final class FlakyDevice: AudioInput, AudioOutput {
    private let periods: Int
    private(set) var periodsDone = 0

    init(periods: Int) {
        self.periods = periods
    }

    func read(_ period: UnsafeMutableBufferPointer<Int16>) throws -> Bool {
        try count()
        period.update(repeating: 7)
        return true
    }

    func write(_ period: UnsafeBufferPointer<Int16>) throws {
        try count()
    }

    private func count() throws {
        guard periodsDone < periods else { throw DeviceError.lost(device: "flaky", reason: "unplugged") }
        periodsDone += 1
    }

    var delay: Duration { .zero }

    func close() {}
}
