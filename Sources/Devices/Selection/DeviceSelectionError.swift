/// Why what the user wrote names no device; `description` is one sentence that says what to write instead.
package enum DeviceSelectionError: Error, Hashable, CustomStringConvertible {
    /// Several names contain it.
    case ambiguous(DeviceDescription.Kind, text: String, matches: [DeviceDescription])
    /// Nothing has this index, name or id.
    case unknown(DeviceDescription.Kind, text: String, available: [DeviceDescription])
    /// The machine has no device of this kind.
    case noDevice(DeviceDescription.Kind)
    /// A form like `tone:abc` or `file:` that says too little or nonsense.
    case malformed(DeviceDescription.Kind, text: String, expected: String)

    package var description: String {
        switch self {
        case .ambiguous(let kind, let text, let matches):
            "\"\(text)\" fits several \(kind.rawValue)s: \(Self.list(matches))."
        case .unknown(let kind, let text, let available) where available.isEmpty:
            "There is no \(kind.rawValue) \"\(text)\": this machine has none; try `\(Self.standIn(kind))`."
        case .unknown(let kind, let text, let available):
            "There is no \(kind.rawValue) \"\(text)\"; there are: \(Self.list(available))."
        case .noDevice(let kind):
            "This machine has no \(kind.rawValue); try `\(Self.standIn(kind))`."
        case .malformed(let kind, let text, let expected):
            "\"\(text)\" is no \(kind.rawValue): expected \(expected)."
        }
    }

    private static func list(_ devices: [DeviceDescription]) -> String {
        devices.map { "[\($0.index)] \($0.name) (\($0.id))" }.joined(separator: "; ")
    }

    private static func standIn(_ kind: DeviceDescription.Kind) -> String {
        switch kind {
        case .camera: "--camera pattern"
        case .microphone: "--microphone tone"
        case .speaker: "--speaker none"
        }
    }
}
