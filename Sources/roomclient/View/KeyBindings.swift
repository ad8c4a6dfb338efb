import Devices

/// Which key does what: the one table for answering keys and for the help.
enum KeyBindings {
    /// One line of the help.
    struct Binding: Sendable {
        let keys: String
        let meaning: String
        let command: @Sendable (WindowKey) -> ViewCommand?
    }

    /// All keys, in the order of the help.
    static let all: [Binding] = [
        single("q", "leave", .leave),
        single("m", "microphone off and on", .toggleMicrophone),
        single("v", "camera off and on", .toggleCamera),
        single("d", "sound off and on", .toggleDeafened),
        Binding(keys: "9 0", meaning: "quieter, louder") { key in
            switch key {
            case .character("9"): .quieter
            case .character("0"): .louder
            default: nil
            }
        },
        Binding(keys: "Tab 1-8", meaning: "whom to see large") { key in
            switch key {
            case .tab: .nextPerson
            case .character(let digit):
                digit.wholeNumberValue.flatMap { (1...8).contains($0) ? .person($0) : nil }
            default: nil
            }
        },
        single("x", "mirror the own picture", .toggleMirror),
        single("f", "fill the screen", .toggleFullscreen),
        single("i", "statistics", .toggleStatistics),
        single("s", "save a picture", .savePicture),
        single("?", "this help", .toggleHelp),
        Binding(keys: "Esc", meaning: "close what lies over the picture") {
            $0 == .escape ? .closeOverlay : nil
        },
    ]

    /// What a key asks for, if anything.
    static func command(for key: WindowKey) -> ViewCommand? {
        all.lazy.compactMap { $0.command(key) }.first
    }

    /// The help, one line a binding.
    static var help: String {
        all.map { "\($0.keys)  \($0.meaning)" }.joined(separator: "\n")
    }

    /// The same on one line.
    static var summary: String { all.map { "\($0.keys) \($0.meaning)" }.joined(separator: ", ") }

    private static func single(_ key: Character, _ meaning: String, _ command: ViewCommand) -> Binding {
        Binding(keys: String(key), meaning: meaning) { $0 == .character(key) ? command : nil }
    }
}
