import Foundation

/// One line of `--stats`.
package struct StatsLine: Sendable {
    /// What it tells of.
    package let event: String
    /// The line as it is.
    package let text: String

    /// Reads a line; `nil` when it is none.
    package init?(_ text: String) {
        guard let event = Self.object(text)["event"] as? String else { return nil }
        self.event = event
        self.text = text
    }

    /// All of it.
    package var fields: [String: Any] { Self.object(text) }

    private static func object(_ text: String) -> [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
    }

    /// A field that is text.
    package subscript(key: String) -> String? { fields[key] as? String }
    /// A field that is a number.
    package subscript(number key: String) -> Double? { (fields[key] as? NSNumber)?.doubleValue }
    /// `send` or `receive`.
    package subscript(tracks key: String) -> [[String: Any]] { fields[key] as? [[String: Any]] ?? [] }
}
