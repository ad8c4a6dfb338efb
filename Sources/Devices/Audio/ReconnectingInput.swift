import MediaCore

/// Keeps sound coming when a device fails: silence in real time, and a new attempt every second.
final class ReconnectingInput: AudioInput {
    private static let periodsPerAttempt = 100

    private let device: String
    private let reopen: () throws -> any AudioInput
    private let warn: (DeviceWarning) -> Void
    private var input: (any AudioInput)?
    /// Paces the silence while there is no device.
    private var metronome = Metronome(beatsPerSecond: 100)
    private var periodsUntilAttempt = 0

    init(
        device: String, first: any AudioInput, reopen: @escaping () throws -> any AudioInput,
        warn: @escaping (DeviceWarning) -> Void
    ) {
        self.device = device
        self.input = first
        self.reopen = reopen
        self.warn = warn
    }

    func read(_ period: UnsafeMutableBufferPointer<Int16>) throws -> Bool {
        if input == nil { attempt() }
        if let input {
            do {
                return try input.read(period)
            } catch {
                lose(input, because: error)
            }
        }
        period.update(repeating: 0)
        return metronome.wait()
    }

    var delay: Duration { input?.delay ?? .zero }

    func close() {
        input?.close()
        input = nil
    }

    private func lose(_ input: any AudioInput, because error: any Error) {
        input.close()
        self.input = nil
        metronome = Metronome(beatsPerSecond: 100)
        periodsUntilAttempt = Self.periodsPerAttempt
        warn(.stopped(device: device, reason: reason(of: error)))
    }

    private func attempt() {
        periodsUntilAttempt -= 1
        guard periodsUntilAttempt <= 0 else { return }
        periodsUntilAttempt = Self.periodsPerAttempt
        input = try? reopen()
        if input != nil { warn(.isBack(device: device)) }
    }
}

/// What went wrong, without repeating the name of the device.
func reason(of error: any Error) -> String {
    switch error {
    case DeviceError.cannotOpen(_, let reason), DeviceError.lost(_, let reason),
        DeviceError.badFile(_, let reason), DeviceError.noDisplay(let reason):
        reason
    default: "\(error)"
    }
}
