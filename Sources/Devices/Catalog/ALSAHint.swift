/// One line of ALSA's list of PCMs, and whether a person wants to see it.
struct ALSAHint: Hashable {
    /// PCM name: what opens it.
    var name: String
    /// Description; several lines.
    var description: String
    var isInput: Bool
    var isOutput: Bool

    /// PCMs that convert or mix for others, or do the same as `hw:` under a name by loudspeaker position.
    private static let plumbing: Set<String> = [
        "null", "lavrate", "samplerate", "speexrate", "jack", "oss", "speex", "upmix", "vdownmix", "a52",
        "dca",
        "dmix", "dsnoop", "dshare", "front", "rear", "center_lfe", "side", "surround21", "surround40",
        "surround41", "surround50", "surround51", "surround71", "iec958", "spdif", "hdmi", "modem",
        "phoneline",
        "usbstream", "plug", "file", "tee", "shm", "empty",
    ]

    /// Whether it is offered to people.
    var isOffered: Bool {
        guard let family = name.split(separator: ":").first else { return false }
        return !Self.plumbing.contains(String(family))
    }

    /// Name for people: the description on one line.
    var title: String {
        let lines = description.split(separator: "\n").map { String($0).trimmingSpaces }.filter {
            !$0.isEmpty
        }
        guard let first = lines.first else { return name }
        return lines.count == 1 ? first : "\(first) (\(lines.dropFirst().joined(separator: ", ")))"
    }

    /// The descriptions of one direction: `default` first, sound servers next, the rest as ALSA lists it.
    static func devices(_ hints: [ALSAHint], _ kind: DeviceDescription.Kind) -> [DeviceDescription] {
        let offered = hints.filter { $0.isOffered && (kind == .microphone ? $0.isInput : $0.isOutput) }
        let ranked = ["default", "pulse", "pipewire"]
        let first = ranked.compactMap { name in offered.first { $0.name == name } }
        let rest = offered.filter { !ranked.contains($0.name) }
        return (first + rest).enumerated().map { index, hint in
            DeviceDescription(kind: kind, index: index, name: hint.title, id: hint.name, path: hint.name)
        }
    }
}
