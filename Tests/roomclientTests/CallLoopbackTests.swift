import Foundation
import Glibc
import Testing

/// Whole calls of spawned programs on this machine.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct CallLoopbackTests {
    private func lines(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    /// Runs `body` with the arguments that join a server of its own.
    private func withServer(_ body: (_ join: [String]) throws -> Void) throws {
        let server = try SpawnedProgram(["serve", "--port", "0"])
        let url = try #require(server.firstURL())
        try body([
            "--url", url, "--api-key", "devkey", "--api-secret", "secret", "--no-prompt", "--view", "none",
            "--camera",
            "none", "--speaker", "none",
        ])
        server.send(SIGTERM)
        #expect(server.wait().status == 0)
    }

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
    func interrupt() throws {
        try withServer { join in
            let client = try SpawnedProgram(join + ["--microphone", "silence", "--stats", "-"])
            try #require(client.waitForLine(containing: #""published""#))
            let begin = Date()
            client.send(SIGINT)
            let outcome = client.wait()
            #expect(outcome.status == 0)
            #expect(Date().timeIntervalSince(begin) < 1.3)
            #expect(outcome.output.contains(#""event":"summary""#))
        }
    }

    @Test("Ctrl+C before the call is status 130")
    func interruptBefore() throws {
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
        let client = try SpawnedProgram([
            "--url", "ws://127.0.0.1:\(port)", "--token", "t", "--no-prompt", "--view", "none",
        ])
        let connection = accept(listener, nil, nil)
        defer { close(connection) }
        client.send(SIGINT)
        let outcome = client.wait()
        #expect(outcome.status == 130)
        #expect(outcome.errors.contains("before the call"))
    }

    @Test("a second copy with the same identity puts the first out: status 5")
    func duplicate() throws {
        try withServer { join in
            let arguments = join + ["--microphone", "none", "--identity", "twin", "--stats", "-"]
            let first = try SpawnedProgram(arguments)
            try #require(first.waitForLine(containing: #""joined""#))
            let second = try SpawnedProgram(arguments + ["--duration", "1"])
            let outcome = first.wait()
            #expect(outcome.status == 5)
            #expect(outcome.errors.contains("--identity"))
            #expect(outcome.output.contains("duplicateIdentity"))
            #expect(second.wait().status == 0)
        }
    }

    @Test("--exit-when-alone leaves when the last of the others has left")
    func alone() throws {
        try withServer { join in
            let stayer = try SpawnedProgram(
                join + ["--microphone", "none", "--exit-when-alone", "--stats", "-"])
            try #require(stayer.waitForLine(containing: #""joined""#))
            let guest = try SpawnedProgram(join + ["--microphone", "tone:880", "--duration", "1"])
            #expect(guest.wait().status == 0)
            #expect(stayer.wait().status == 0)
        }
    }

    @Test("a wrong secret is status 4, and a server that shuts down is status 6")
    func refusedAndLost() throws {
        let server = try SpawnedProgram(["serve", "--port", "0"])
        let url = try #require(server.firstURL())
        let join = [
            "--url", url, "--api-key", "devkey", "--no-prompt", "--view", "none", "--camera", "none",
            "--microphone",
            "none", "--speaker", "none", "--stats", "-",
        ]
        let refused = try SpawnedProgram.run(join + ["--api-secret", "wrong"])
        #expect(refused.status == 4, "\(refused.errors)")
        let client = try SpawnedProgram(join + ["--api-secret", "secret"])
        try #require(client.waitForLine(containing: #""joined""#))
        server.send(SIGTERM)
        #expect(server.wait().status == 0)
        #expect(client.wait().status == 6)
    }
}
