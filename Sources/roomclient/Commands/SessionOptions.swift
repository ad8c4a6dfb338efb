import ArgumentParser

/// How the call is shown, measured and ended.
struct SessionOptions: ParsableArguments {
    @Option(help: "window or none (default: window if there is a display).")
    var view: ViewChoice?
    @Option(help: ArgumentHelp("Leave after that long.", valueName: "seconds"))
    var duration: Double?
    @Flag(help: "Leave when the last of the others has left.")
    var exitWhenAlone = false
    @Option(help: ArgumentHelp("Write what happens as JSON lines; - = standard output.", valueName: "file|-"))
    var stats: String?
    @Option(help: "error, warning, info, debug or trace (LIVEKIT_LOG_LEVEL; default: info).")
    var logLevel: LogLevel?

    func validate() throws {
        if let duration, !(duration > 0 && duration <= 1e9) {
            throw ValidationError("--duration \(duration): it must be more than 0 seconds.")
        }
        if stats == "" { throw ValidationError("--stats needs the path of a file, or -.") }
    }
}

/// Where the call is shown.
enum ViewChoice: String, Sendable, CaseIterable, ExpressibleByArgument {
    case window, none
}
