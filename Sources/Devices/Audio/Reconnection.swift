/// A sound device that may fail: while it is away time is kept in its place, and once a second it is opened anew.
struct Reconnection<Device> {
    private static var periodsPerAttempt: Int { 100 }

    /// The device, while it works.
    private(set) var device: Device?
    private let name: String
    private let reopen: () throws -> Device
    private let warn: (DeviceWarning) -> Void
    /// Beats as the device would, once per period.
    private var metronome = Metronome(beatsPerSecond: 100)
    private var periodsUntilAttempt = 0

    init(
        of name: String, first: Device, reopen: @escaping () throws -> Device,
        warn: @escaping (DeviceWarning) -> Void
    ) {
        self.name = name
        device = first
        self.reopen = reopen
        self.warn = warn
    }

    /// The device for the next period; `nil` while it does not open.
    mutating func next() -> Device? {
        if device == nil { attempt() }
        return device
    }

    /// The device has failed and is closed.
    mutating func lose(because error: any Error) {
        device = nil
        metronome = Metronome(beatsPerSecond: 100)
        periodsUntilAttempt = Self.periodsPerAttempt
        warn(.stopped(device: name, reason: reason(of: error)))
    }

    /// Lets a period pass without it; false when the task was cancelled meanwhile.
    mutating func wait() -> Bool { metronome.wait() }

    /// Nobody needs it any more.
    mutating func end() { device = nil }

    private mutating func attempt() {
        periodsUntilAttempt -= 1
        guard periodsUntilAttempt <= 0 else { return }
        periodsUntilAttempt = Self.periodsPerAttempt
        device = try? reopen()
        if device != nil { warn(.isBack(device: name)) }
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
