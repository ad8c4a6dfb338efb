package import MediaCore

/// What `--microphone D` stands for.
package enum MicrophoneChoice: Hashable, Sendable {
    case none
    case device(DeviceDescription)
    /// A sine.
    case tone(hertz: Double)
    case silence
    /// A WAV file, looped.
    case file(path: String)
    /// Any ALSA PCM by name, listed or not.
    case alsa(name: String)

    /// Resolves what the user wrote against the microphones of this machine
    /// (`AudioDeviceCatalog.microphones()`).
    package init(_ text: String, among microphones: [DeviceDescription]) throws(DeviceSelectionError) {
        switch text.lowercased() {
        case "none": self = .none
        case "silence": self = .silence
        case "tone": self = .tone(hertz: 440)
        default:
            if let choice = try Self.withValue(text) {
                self = choice
            } else {
                self = .device(try DeviceSelection.find(text, .microphone, among: microphones))
            }
        }
    }

    /// The forms with a colon; `nil` for a device (whose id may hold a colon, too).
    private static func withValue(_ text: String) throws(DeviceSelectionError) -> MicrophoneChoice? {
        if let frequency = value(of: text, after: "tone:") {
            guard let hertz = Double(frequency), (1...20_000).contains(hertz) else {
                throw .malformed(.microphone, text: text, expected: "tone:HZ with 1 to 20000 Hz")
            }
            return .tone(hertz: hertz)
        }
        if let path = value(of: text, after: "file:") {
            guard !path.isEmpty else { throw .malformed(.microphone, text: text, expected: "file:PATH.wav") }
            return .file(path: path)
        }
        if let name = value(of: text, after: "alsa:") {
            guard !name.isEmpty else {
                throw .malformed(.microphone, text: text, expected: "alsa:NAME of a PCM")
            }
            return .alsa(name: name)
        }
        return nil
    }

    /// Name for people.
    package var name: String {
        switch self {
        case .none: "none"
        case .device(let device): device.name
        case .tone(let hertz): "tone of \(hertz) Hz"
        case .silence: "silence"
        case .file(let path): path
        case .alsa(let name): "ALSA \(name)"
        }
    }

    /// The source that delivers the sound; `nil` for `none`. A device is opened by the source, a file is read
    /// here.
    package func makeSource(
        warn: @escaping @Sendable (DeviceWarning) -> Void = { _ in }
    ) throws(DeviceError) -> (any AudioSource)? {
        switch self {
        case .none: nil
        case .device(let device): AlsaMicrophone(name: device.path, warn: warn)
        case .tone(let hertz): ToneSource(hertz: hertz)
        case .silence: SilenceSource()
        case .file(let path): try FileAudioSource(path: path)
        case .alsa(let name): AlsaMicrophone(name: name, warn: warn)
        }
    }
}
