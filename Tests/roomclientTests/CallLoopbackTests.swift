import Foundation
import Glibc
import Testing

/// Whole calls of spawned programs on this machine.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct CallLoopbackTests {
    private func lines(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    private func events(_ lines: [[String: Any]]) -> [String] { lines.compactMap { $0["event"] as? String } }

    @Test("without a server, one sees and hears demo at once, and the statistics say so")
    func embedded() throws {
        let outcome = try SpawnedProgram.run([
            "--no-prompt", "--camera", "pattern", "--camera-size", "320x180", "--microphone", "tone",
            "--speaker", "none",
            "--duration", "4", "--stats", "-",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("LIVEKIT_URL"))
        #expect(outcome.errors.contains("without a window"))
        let lines = try lines(outcome.output)
        let names = events(lines)
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

    @Test(
        "serve says how to join, a client joins with that, and both end with status 0 on SIGTERM and SIGINT")
    func serve() throws {
        let server = try SpawnedProgram(["serve", "--port", "0"])
        let line = server.firstLine()
        let url = try #require(line.split(separator: " ").first { $0.hasPrefix("ws://") }).split(
            separator: ":"
        ).prefix(3)
        let client = try SpawnedProgram([
            "--url", url.joined(separator: ":"), "--api-key", "devkey", "--api-secret", "secret",
            "--no-prompt", "--view",
            "none", "--camera", "none", "--microphone", "silence", "--speaker", "none", "--stats", "-",
        ])
        while true {
            let line = client.firstLine()
            try #require(!line.isEmpty, "the client ended early")
            if line.contains("\"published\"") { break }
        }
        client.send(SIGINT)
        let begin = Date()
        #expect(client.wait().status == 0)
        #expect(Date().timeIntervalSince(begin) < 1.5)
        server.send(SIGTERM)
        #expect(server.wait().status == 0)
    }

    @Test("a wrong secret is status 4")
    func refused() throws {
        let server = try SpawnedProgram(["serve", "--port", "0"])
        defer {
            server.send(SIGTERM)
            _ = server.wait()
        }
        let line = server.firstLine()
        let url = try #require(line.split(separator: " ").first { $0.hasPrefix("ws://") }).split(
            separator: ":"
        ).prefix(3)
        let outcome = try SpawnedProgram.run([
            "--url", url.joined(separator: ":"), "--api-key", "devkey", "--api-secret", "wrong",
            "--no-prompt", "--view",
            "none", "--camera", "none", "--microphone", "none", "--speaker", "none",
        ])
        #expect(outcome.status == 4, "\(outcome.errors)")
    }
}
