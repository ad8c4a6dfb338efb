import Foundation
import Logging

/// Writes log lines to standard error as `time - LEVEL - message`.
struct StandardErrorLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    init(level: Logger.Level) { logLevel = level }

    /// Makes every logger of the process write here. Once, before the first logger.
    static func install(level: Logger.Level) {
        LoggingSystem.bootstrap { _ in StandardErrorLog(level: level) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        let text = StandardErrorLog.line(
            level: event.level, message: "\(event.message)", metadata: fields, at: Date())
        StandardStream.error.write(text)
    }

    /// One finished line.
    static func line(level: Logger.Level, message: String, metadata: Logger.Metadata, at date: Date) -> String
    {
        let fields = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        return "\(timestamp(date)) - \(name(of: level)) - \(message)\(fields)\n"
    }

    /// Local time with milliseconds: `2026-11-21 12:00:00,123`.
    private static func timestamp(_ date: Date) -> String {
        let parts = Calendar.current.dateComponents(
            [.year, .month, .day, .hour, .minute, .second, .nanosecond], from: date)
        func digits(_ value: Int?, _ width: Int) -> String {
            let text = String(value ?? 0)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return digits(parts.year, 4) + "-" + digits(parts.month, 2) + "-" + digits(parts.day, 2) + " "
            + digits(parts.hour, 2) + ":" + digits(parts.minute, 2) + ":" + digits(parts.second, 2) + ","
            + digits((parts.nanosecond ?? 0) / 1_000_000, 3)
    }

    private static func name(of level: Logger.Level) -> String {
        level == .notice ? "INFO" : level.rawValue.uppercased()
    }
}
