import Foundation
import LiveKitProtocol
import RoomKit
import TestSupport
import Testing

/// How a spawned client ends: the status scripts go by, and the one sentence people read.
@Suite("Exit status of the program", .serialized)
struct ExitStatusTests {
    /// A port of this machine on which nobody listens.
    private static let closed = "ws://127.0.0.1:1"
    private static let pair = ["--api-key", TestRoom.key, "--api-secret", TestRoom.secret]

    @Test(
        "bad usage and missing settings are 2, with one sentence",
        arguments: [
            ["--url", closed, "--api-key", "only-a-key"],
            ["--url", closed],
            ["--url", "gopher://host"] + pair,
            ["--token", "without-a-server"],
            ["--camera", "no such camera"],
            ["serve", "--bind", "0.0.0.0"],
            ["token", "create", "--room", "r", "--identity", "i"],
        ])
    func settings(arguments: [String]) async throws {
        try await SpawnedClient.run(Self.bareIfJoining(arguments)) { client in
            try await client.expect(status: 2, within: .seconds(10))
            #expect(client.program.output.isEmpty)
            try client.expectOneSentence()
        }
    }

    @Test(
        "what the parser refuses is 2 as well",
        arguments: [
            ["--no-such-option"], ["--fps", "0"], ["--view", "cinema"], ["dance"], ["token", "create"],
        ])
    func usage(arguments: [String]) async throws {
        try await SpawnedClient.run(arguments) { client in
            try await client.expect(status: 2, within: .seconds(10))
            #expect(client.program.errors.hasPrefix("Error: "))
            #expect(client.program.output.isEmpty)
        }
    }

    @Test(
        "a host nobody knows and a port nobody listens on are 3",
        arguments: ["ws://no-such-host.invalid:7880", closed])
    func unreachable(url: String) async throws {
        try await SpawnedClient.run(SpawnedClient.bare + ["--url", url] + Self.pair) { client in
            try await client.expect(status: 3, within: .seconds(15))
            try client.expectOneSentence()
        }
    }

    @Test("a wrong secret and an expired token are 4")
    func refused() async throws {
        try await TestRoom.run { host in
            let wrong = ["--api-key", TestRoom.key, "--api-secret", "not the secret, but as long as it"]
            let expired = ["--token", host.token("late") { $0.expires = Date(timeIntervalSinceNow: -7_200) }]
            for credentials in [wrong, expired] {
                try await SpawnedClient.run(SpawnedClient.bare + ["--url", host.url] + credentials) {
                    client in
                    try await client.expect(status: 4, within: .seconds(15))
                    try client.expectOneSentence()
                }
            }
        }
    }

    @Test(
        "a signal in the call is 0 within a second, and the others see us leave",
        arguments: [SIGINT, SIGTERM, SIGHUP])
    func signals(signal: Int32) async throws {
        try await TestRoom.run { host in
            try await host.join("other") { _, events in
                let arguments =
                    SpawnedClient.bare + ["--url", host.url, "--token", host.token("leaver"), "--stats", "-"]
                try await SpawnedClient.run(arguments) { client in
                    try await client.expect("joined")
                    client.program.send(signal)
                    try await client.expect(status: 0)
                    #expect(client.lines.last?.event == "summary")
                    try await events.expect("the leaving", within: .seconds(2)) { event in
                        if case .participantDisconnected = event { true } else { nil }
                    }
                }
            }
        }
    }

    @Test("the time of --duration is 0")
    func duration() async throws {
        try await TestRoom.run { host in
            let arguments = ["--url", host.url, "--token", host.token("short"), "--duration", "0.2"]
            try await SpawnedClient.run(SpawnedClient.bare + arguments) { client in
                try await client.expect(status: 0, within: .seconds(10))
            }
        }
    }

    @Test("who is replaced by a newer one of the same identity ends with 5")
    func duplicateIdentity() async throws {
        try await TestRoom.run { host in
            let arguments = SpawnedClient.bare + ["--url", host.url, "--token", host.token("twin")]
            try await SpawnedClient.run(arguments + ["--stats", "-"]) { first in
                try await first.expect("joined")
                try await SpawnedClient.run(arguments) { second in
                    try await first.expect(status: 5, within: .seconds(10))
                    try first.expectOneSentence()
                    second.program.send(SIGINT)
                    _ = await second.program.status(within: .seconds(5))
                }
            }
        }
    }

    private static func bareIfJoining(_ arguments: [String]) -> [String] {
        guard arguments.first?.hasPrefix("--") == true else { return arguments }
        // The last of two equal options counts.
        return SpawnedClient.bare + arguments
    }
}

extension SpawnedClient {
    /// Exactly one line tells what went wrong: one sentence or two, and no backtrace.
    func expectOneSentence(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let lines = program.errors.split(separator: "\n").filter { !$0.contains(" - INFO - ") }
        #expect(lines.count == 1, "\(program.errors)", sourceLocation: sourceLocation)
        let line = try #require(lines.first, sourceLocation: sourceLocation)
        #expect(
            line.contains(" - ERROR - ") && line.hasSuffix("."), "\(line)", sourceLocation: sourceLocation)
    }
}
