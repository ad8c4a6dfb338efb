import Foundation
import Glibc
import TestSupport
import Testing

/// Whole calls of spawned programs on this machine.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct CallLoopbackTests {
    private func lines(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test("without a server, one sees and hears demo at once, and the statistics say so")
    func embedded() async throws {
        let outcome = try await SpawnedClient.outcome([
            "--no-prompt", "--camera", "pattern", "--camera-size", "320x180", "--microphone", "tone",
            "--speaker", "none",
            "--duration", "4", "--stats", "-",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("LIVEKIT_URL"))
        #expect(outcome.errors.contains("without a window"))
        let lines = try lines(outcome.output)
        let names = lines.compactMap { $0["event"] as? String }
        #expect(names.contains("joined") && names.filter { $0 == "published" }.count == 2)
        #expect(names.filter { $0 == "subscribed" }.count == 2)
        #expect(names.filter { $0 == "first_frame" }.count == 2)
        #expect(names.last == "summary")
        let seconds = lines.filter { $0["event"] as? String == "stats" }
        #expect(seconds.count >= 3)
        let receive = try #require(seconds.last?["receive"] as? [[String: Any]])
        let video = try #require(receive.first { $0["kind"] as? String == "video" })
        #expect(video["participant"] as? String == "demo")
        #expect(try #require(video["fps"] as? Double) > 5)
        #expect(video["latency_ms"] is [String: Any])
    }

    @Test("Ctrl+C leaves within a second, and the end is told")
    func interrupt() async throws {
        try await SpawnedClient.serving { _, join in
            let arguments = join + ["--microphone", "silence", "--stats", "-"]
            try await SpawnedClient.run(arguments) { client in
                try await client.expect("published")
                client.program.send(SIGINT)
                let outcome = try await client.outcome(within: .seconds(1.3))
                #expect(outcome.status == 0)
                #expect(outcome.output.contains(#""event":"summary""#))
            }
        }
    }

    @Test("Ctrl+C before the call is status 130")
    func interruptBefore() async throws {
        // A server that takes the connection and never says a word.
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutableBytes(of: &address) { bytes in
            let pointer = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            #expect(bind(listener, pointer, length) == 0)
            getsockname(listener, pointer, &length)
        }
        #expect(listen(listener, 4) == 0)
        let port = UInt16(bigEndian: address.sin_port)
        let arguments = [
            "--url", "ws://127.0.0.1:\(port)", "--token", "t", "--no-prompt", "--view", "none",
        ]
        try await SpawnedClient.run(arguments) { client in
            let connection = accept(listener, nil, nil)
            defer { close(connection) }
            client.program.send(SIGINT)
            let outcome = try await client.outcome()
            #expect(outcome.status == 130)
            #expect(outcome.errors.contains("before the call"))
        }
    }

    @Test("a second copy with the same identity puts the first out: status 5")
    func duplicate() async throws {
        try await SpawnedClient.serving { _, join in
            let arguments = join + ["--identity", "twin", "--stats", "-"]
            try await SpawnedClient.run(arguments) { first in
                try await first.expect("joined")
                try await SpawnedClient.run(arguments + ["--duration", "1"]) { second in
                    let outcome = try await first.outcome()
                    #expect(outcome.status == 5)
                    #expect(outcome.errors.contains("--identity"))
                    #expect(outcome.output.contains("duplicateIdentity"))
                    #expect(try await second.outcome().status == 0)
                }
            }
        }
    }

    @Test("--exit-when-alone leaves when the last of the others has left")
    func alone() async throws {
        try await SpawnedClient.serving { _, join in
            try await SpawnedClient.run(join + ["--exit-when-alone", "--stats", "-"]) { stayer in
                try await stayer.expect("joined")
                let guest = try await SpawnedClient.outcome(
                    join + ["--microphone", "tone:880", "--duration", "1"])
                #expect(guest.status == 0)
                #expect(try await stayer.outcome().status == 0)
            }
        }
    }

    @Test("a wrong secret is status 4, and a server that shuts down is status 6")
    func refusedAndLost() async throws {
        try await SpawnedClient.serving { server, join in
            // The last of two equal options counts.
            let refused = try await SpawnedClient.outcome(join + ["--api-secret", "wrong"])
            #expect(refused.status == 4, "\(refused.errors)")
            try await SpawnedClient.run(join + ["--stats", "-"]) { client in
                try await client.expect("joined")
                server.program.send(SIGTERM)
                #expect(try await server.outcome().status == 0)
                #expect(try await client.outcome().status == 6)
            }
        }
    }
}
