import ArgumentParser
import Logging

/// How much is told on standard error.
enum LogLevel: String, Sendable, CaseIterable, ExpressibleByArgument {
    case error, warning, info, debug, trace

    /// The level that the libraries know.
    var level: Logger.Level {
        switch self {
        case .error: .error
        case .warning: .warning
        case .info: .info
        case .debug: .debug
        case .trace: .trace
        }
    }

    /// The flag, or `LIVEKIT_LOG_LEVEL`, or `info`.
    static func choose(flag: LogLevel?, sources: SettingSources) throws(ProgramError) -> LogLevel {
        if let flag { return flag }
        guard let text = sources["LIVEKIT_LOG_LEVEL"] else { return .info }
        // Other programs of this ecosystem write WARN.
        let name = text.lowercased()
        guard let level = LogLevel(rawValue: name == "warn" ? "warning" : name) else {
            throw .usage("LIVEKIT_LOG_LEVEL is \"\(text)\"; it may be error, warning, info, debug or trace.")
        }
        return level
    }
}
