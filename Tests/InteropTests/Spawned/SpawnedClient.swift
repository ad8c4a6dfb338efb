import Foundation
import Testing

/// The program `roomclient` itself, as a person or a script runs it.
struct SpawnedClient: Sendable {
    let program: SpawnedProgram

    /// The one that is named, else the one built beside these tests.
    static var path: String {
        if let named = ProcessInfo.processInfo.environment["ROOMCLIENT_BINARY"] { return named }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "roomclient").path
    }

    /// Options of a call that needs no device and no display.
    static let bare = [
        "--no-prompt", "--view", "none", "--camera", "none", "--microphone", "none", "--speaker", "none",
    ]

    /// Runs `body` beside a client that is ended after it whatever happens.
    @discardableResult
    static func run<Result>(
        _ arguments: [String], environment: [String: String] = [:],
        _ body: (SpawnedClient) async throws -> Result
    ) async throws -> Result {
        try await SpawnedProgram.run([path] + arguments, environment: environment) { program in
            try await body(SpawnedClient(program: program))
        }
    }

    /// Waits until it has said something on standard error.
    func expect(
        said text: String, within limit: Duration = .seconds(15),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await wait(for: "'\(text)' on stderr", of: program, within: limit, sourceLocation: sourceLocation)
        {
            program.errors.contains(text)
        }
    }

    /// Waits for its end, which is to come within `limit` and with a status.
    func expect(
        status: Int32, within limit: Duration = .seconds(1), sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let actual = await program.status(within: limit)
        try #require(
            actual == status, "status \(status) within \(limit):\n\(program.errors)",
            sourceLocation: sourceLocation)
    }

    /// The lines of `--stats -` so far, as far as they are whole.
    var lines: [StatsLine] {
        program.output.split(separator: "\n").compactMap { StatsLine(String($0)) }
    }

    /// The first statistics line of a kind that satisfies; fails after `limit`.
    @discardableResult
    func expect(
        _ event: String, within limit: Duration = .seconds(15),
        sourceLocation: SourceLocation = #_sourceLocation,
        where isWanted: (StatsLine) -> Bool = { _ in true }
    ) async throws -> StatsLine {
        var found: StatsLine?
        try await wait(for: "line '\(event)'", of: program, within: limit, sourceLocation: sourceLocation) {
            found = lines.first { $0.event == event && isWanted($0) }
            return found != nil
        }
        return try #require(found, sourceLocation: sourceLocation)
    }
}

/// One line of `--stats`.
struct StatsLine: Sendable {
    let event: String
    let text: String

    init?(_ text: String) {
        guard let event = Self.object(text)["event"] as? String else { return nil }
        self.event = event
        self.text = text
    }

    /// All of it.
    var fields: [String: Any] { Self.object(text) }

    private static func object(_ text: String) -> [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
    }

    subscript(key: String) -> String? { fields[key] as? String }
    subscript(number key: String) -> Double? { (fields[key] as? NSNumber)?.doubleValue }
    /// `send` or `receive`.
    subscript(tracks key: String) -> [[String: Any]] { fields[key] as? [[String: Any]] ?? [] }
}

/// Waits until something is so; fails after `limit`, or when the program has ended, with what it said.
func wait(
    for what: String, of program: SpawnedProgram, within limit: Duration,
    sourceLocation: SourceLocation = #_sourceLocation, until isSo: () async -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while await !isSo() {
        let mayCome = program.isRunning && ContinuousClock.now < deadline
        if !mayCome, await isSo() { return }
        try #require(
            mayCome,
            "no \(what); status \(program.exitStatus.map(String.init) ?? "none yet"):\n\(program.errors)",
            sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(20))
    }
}
