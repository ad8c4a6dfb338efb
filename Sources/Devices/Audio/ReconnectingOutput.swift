import MediaCore

/// Keeps the mixer running when a device fails: takes sound in real time, and tries again every second.
final class ReconnectingOutput: AudioOutput {
    private static let periodsPerAttempt = 100

    private let device: String
    private let reopen: () throws -> any AudioOutput
    private let warn: (DeviceWarning) -> Void
    private var output: (any AudioOutput)?
    /// Paces the caller while there is no device.
    private var metronome = Metronome(beatsPerSecond: 100)
    private var periodsUntilAttempt = 0

    init(
        device: String, first: any AudioOutput, reopen: @escaping () throws -> any AudioOutput,
        warn: @escaping (DeviceWarning) -> Void
    ) {
        self.device = device
        self.output = first
        self.reopen = reopen
        self.warn = warn
    }

    func write(_ period: UnsafeBufferPointer<Int16>) throws {
        if output == nil { attempt() }
        if let output {
            do {
                return try output.write(period)
            } catch {
                lose(output, because: error)
            }
        }
        _ = metronome.wait()
    }

    var delay: Duration { output?.delay ?? .zero }

    func close() {
        output?.close()
        output = nil
    }

    private func lose(_ output: any AudioOutput, because error: any Error) {
        output.close()
        self.output = nil
        metronome = Metronome(beatsPerSecond: 100)
        periodsUntilAttempt = Self.periodsPerAttempt
        warn(.stopped(device: device, reason: reason(of: error)))
    }

    private func attempt() {
        periodsUntilAttempt -= 1
        guard periodsUntilAttempt <= 0 else { return }
        periodsUntilAttempt = Self.periodsPerAttempt
        output = try? reopen()
        if output != nil { warn(.isBack(device: device)) }
    }
}
