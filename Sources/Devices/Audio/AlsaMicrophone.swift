package import MediaCore

/// A microphone behind any ALSA PCM. When it fails during a call there is silence until it is back.
package struct AlsaMicrophone: AudioSource {
    private let name: String
    private let warn: @Sendable (DeviceWarning) -> Void

    /// Names the PCM; `warn` is called on the audio thread when the device goes and when it returns.
    package init(name: String, warn: @escaping @Sendable (DeviceWarning) -> Void = { _ in }) {
        self.name = name
        self.warn = warn
    }

    package func open() throws -> any AudioInput {
        let name = name
        return ReconnectingInput(
            device: "microphone \(name)", first: try AlsaInput(name: name),
            reopen: { try AlsaInput(name: name) }, warn: warn)
    }
}

/// The open PCM as an input.
private final class AlsaInput: AudioInput {
    private var device: PCMDevice?

    init(name: String) throws {
        device = try PCMDevice(name: name, direction: .capture)
    }

    func read(_ period: UnsafeMutableBufferPointer<Int16>) throws -> Bool {
        guard let device else { return false }
        return try device.read(into: period)
    }

    var delay: Duration { device?.delay ?? .zero }

    func close() {
        device = nil
    }
}
