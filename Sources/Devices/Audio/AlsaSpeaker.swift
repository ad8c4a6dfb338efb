package import MediaCore

/// A speaker behind any ALSA PCM. When it fails during a call, sound is dropped in real time until it is
/// back.
package struct AlsaSpeaker: AudioSink {
    private let name: String
    private let warn: @Sendable (DeviceWarning) -> Void

    /// Names the PCM; `warn` is called on the audio thread when the device goes and when it returns.
    package init(name: String, warn: @escaping @Sendable (DeviceWarning) -> Void = { _ in }) {
        self.name = name
        self.warn = warn
    }

    package func open() throws -> any AudioOutput {
        let name = name
        return ReconnectingOutput(
            device: "speaker \(name)", first: try AlsaOutput(name: name),
            reopen: { try AlsaOutput(name: name) }, warn: warn)
    }
}

/// The open PCM as an output.
private final class AlsaOutput: AudioOutput {
    private var device: PCMDevice?

    init(name: String) throws {
        device = try PCMDevice(name: name, direction: .playback)
    }

    func write(_ period: UnsafeBufferPointer<Int16>) throws {
        _ = try device?.write(period)
    }

    var delay: Duration { device?.delay ?? .zero }

    func close() {
        device?.drain()
        device = nil
    }
}
