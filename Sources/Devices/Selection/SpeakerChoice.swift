package import MediaCore

/// What `--speaker D` stands for.
package enum SpeakerChoice: Hashable, Sendable {
    case none
    case device(DeviceDescription)
    /// A WAV file that takes what would have been heard.
    case file(path: String)
    /// Any ALSA PCM by name, listed or not.
    case alsa(name: String)

    /// Resolves what the user wrote against the speakers of this machine (`AudioDeviceCatalog.speakers()`).
    package init(_ text: String, among speakers: [DeviceDescription]) throws(DeviceSelectionError) {
        if text.lowercased() == "none" {
            self = .none
        } else if let path = value(of: text, after: "file:") {
            guard !path.isEmpty else { throw .malformed(.speaker, text: text, expected: "file:PATH.wav") }
            self = .file(path: path)
        } else if let name = value(of: text, after: "alsa:") {
            guard !name.isEmpty else {
                throw .malformed(.speaker, text: text, expected: "alsa:NAME of a PCM")
            }
            self = .alsa(name: name)
        } else {
            self = .device(try DeviceSelection.find(text, .speaker, among: speakers))
        }
    }

    /// Name for people.
    package var name: String {
        switch self {
        case .none: "none"
        case .device(let device): device.name
        case .file(let path): path
        case .alsa(let name): "ALSA \(name)"
        }
    }

    /// The sink that takes the sound; for `none` one that keeps time and plays nothing.
    package func makeSink(warn: @escaping @Sendable (DeviceWarning) -> Void = { _ in }) -> any AudioSink {
        switch self {
        case .none: NullAudioSink()
        case .device(let device): AlsaSpeaker(name: device.path, warn: warn)
        case .file(let path): FileAudioSink(path: path)
        case .alsa(let name): AlsaSpeaker(name: name, warn: warn)
        }
    }
}
