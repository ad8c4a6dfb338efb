import Foundation
import Testing

/// A participant on the LiveKit Python SDK, in a process of its own.
final class PythonPeer: Sendable {
    /// One line it said.
    struct Line: Sendable {
        let event: String
        private let text: String

        init?(_ text: String) {
            self.text = text
            guard let event = Self.object(text)["event"] as? String else { return nil }
            self.event = event
        }

        private static func object(_ text: String) -> [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
        }

        subscript(key: String) -> String? { Self.object(text)[key] as? String }
        subscript(number key: String) -> Double? { (Self.object(text)[key] as? NSNumber)?.doubleValue }
        subscript(list key: String) -> [String] { Self.object(text)[key] as? [String] ?? [] }
        subscript(object key: String) -> [String: String] {
            Self.object(text)[key] as? [String: String] ?? [:]
        }
        var description: String { text }
    }

    private let process: ChildProcess
    let lines: LineLog<Line>

    /// Starts it; `arguments` beside URL and token.
    init(url: String, token: String, _ arguments: [String]) throws {
        let python = try #require(
            ProcessInfo.processInfo.environment["ROOMCLIENT_PYTHON"],
            "ROOMCLIENT_PYTHON is not set; run the tests through Scripts/test.sh")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Peers/peer.py")
            .path
        let log = LineLog<Line>()
        lines = log
        process = try ChildProcess(
            python, ["-u", script, "--url", url, "--token", token] + arguments,
            onLine: { text in if let line = Line(text) { log.append(line) } })
    }

    /// Gives it a command.
    func tell(_ command: String) { process.write(command + "\n") }

    /// The first line of a kind that satisfies, also one that came before; fails after `limit`.
    @discardableResult
    func expect(
        _ event: String, within limit: Duration = .seconds(20),
        sourceLocation: SourceLocation = #_sourceLocation,
        where isWanted: @escaping @Sendable (Line) -> Bool = { _ in true }
    ) async throws -> Line {
        let line = await lines.first(within: limit) { $0.event == event && isWanted($0) }
        let said = lines.all.suffix(12).map(\.description).joined(separator: "\n")
        return try #require(
            line, "no '\(event)' came; it last said:\n\(said)", sourceLocation: sourceLocation)
    }

    /// Ends it and waits.
    func stop() async {
        tell("leave")
        await process.stop(within: .seconds(5))
    }
}
