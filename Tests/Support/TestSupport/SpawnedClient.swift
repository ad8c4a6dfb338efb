import Foundation
package import Testing

/// The program `roomclient` itself, as a person or a script runs it.
package struct SpawnedClient: Sendable {
    /// Its process.
    package let program: SpawnedProgram

    /// The one that is named, else the one built beside these tests.
    private static var path: String {
        if let named = ProcessInfo.processInfo.environment["ROOMCLIENT_BINARY"] { return named }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "roomclient").path
    }

    /// What a finished client has left behind.
    package struct Outcome: Sendable {
        /// Its exit status; 128 + the signal when one ended it.
        package let status: Int32
        /// All of standard output.
        package let output: String
        /// All of standard error.
        package let errors: String
    }

    /// Options of a call that needs no device and no display.
    package static let bare = [
        "--no-prompt", "--view", "none", "--camera", "none", "--microphone", "none", "--speaker", "none",
    ]

    /// Runs `body` beside a client that is ended after it whatever happens.
    @discardableResult
    package static func run<Result>(
        _ arguments: [String], environment: [String: String] = [:], files: [String: String] = [:],
        _ body: (SpawnedClient) async throws -> Result
    ) async throws -> Result {
        try await SpawnedProgram.run([path] + arguments, environment: environment, files: files) { program in
            try await body(SpawnedClient(program: program))
        }
    }

    /// Runs a client to its end, which is to come within `limit`.
    package static func outcome(
        _ arguments: [String], environment: [String: String] = [:], files: [String: String] = [:],
        within limit: Duration = .seconds(30)
    ) async throws -> Outcome {
        try await run(arguments, environment: environment, files: files) {
            try await $0.outcome(within: limit)
        }
    }

    /// What it leaves behind at its end, which is to come within `limit`.
    package func outcome(within limit: Duration = .seconds(30)) async throws -> Outcome {
        let status = await program.status(within: limit)
        return Outcome(
            status: try #require(status, "still runs after \(limit):\n\(program.errors)"),
            output: program.output, errors: program.errors)
    }

    /// Runs `body` beside `serve` on a free port, with the options that join it without devices or a window.
    package static func serving(
        _ body: (_ server: SpawnedClient, _ join: [String]) async throws -> Void
    ) async throws {
        try await run(["serve", "--port", "0"]) { server in
            var url: String?
            try await wait(for: "URL", of: server.program, within: .seconds(10)) {
                let words = server.program.output.split { $0.isWhitespace }.filter { $0.hasPrefix("ws://") }
                url = words.first.map { String($0.last == ":" ? $0.dropLast() : $0) }
                return url != nil
            }
            let secrets = ["--api-key", "devkey", "--api-secret", "secret"]
            try await body(server, bare + ["--url", try #require(url)] + secrets)
        }
    }

    /// Waits until it has said something on standard error.
    package func expect(
        said text: String, within limit: Duration = .seconds(15),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await wait(for: "'\(text)' on stderr", of: program, within: limit, sourceLocation: sourceLocation)
        {
            program.errors.contains(text)
        }
    }

    /// Waits for its end, which is to come within `limit` and with a status.
    package func expect(
        status: Int32, within limit: Duration = .seconds(1), sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let actual = await program.status(within: limit)
        try #require(
            actual == status, "status \(status) within \(limit):\n\(program.errors)",
            sourceLocation: sourceLocation)
    }

    /// The lines of `--stats -` so far, as far as they are whole.
    package var lines: [StatsLine] {
        program.output.split(separator: "\n").compactMap { StatsLine(String($0)) }
    }

    /// The first statistics line of a kind that satisfies; fails after `limit`.
    @discardableResult
    package func expect(
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
