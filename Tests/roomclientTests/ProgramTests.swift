import Foundation
import RoomKit
import TestSupport
import Testing

/// The program as scripts see it: what it prints where, and how it ends.
@Suite(.timeLimit(.minutes(2)))
struct ProgramTests {
    private let keys = ["LIVEKIT_API_KEY": "devkey", "LIVEKIT_API_SECRET": "secret"]

    @Test("token create prints a token with what was asked for")
    func createToken() async throws {
        let outcome = try await SpawnedClient.outcome(
            [
                "token", "create", "--room", "r", "--identity", "i", "--name", "N", "--valid-for", "30m",
                "--metadata", "M",
                "--attribute", "a=1", "--grant", #"{"canPublish":false,"hidden":true}"#,
            ], environment: keys)
        #expect(outcome.status == 0)
        let text = outcome.output.trimmingCharacters(in: .newlines)
        let token = try AccessToken(verifying: text) { $0 == "devkey" ? "secret" : nil }
        #expect(token.identity == "i" && token.name == "N" && token.metadata == "M")
        #expect(token.attributes == ["a": "1"])
        #expect(token.video?.room == "r" && token.video?.roomJoin == true)
        #expect(token.video?.canPublish == false && token.video?.hidden == true)
        let expires = try #require(token.expires)
        #expect(abs(expires.timeIntervalSinceNow - 1_800) < 60)
    }

    @Test("token inspect says what a token says, and whether it holds")
    func inspectToken() async throws {
        let good = AccessToken(apiKey: "devkey", identity: "i", video: VideoGrants(room: "r", roomJoin: true))
        let text = good.signed(with: "secret")
        let outcome = try await SpawnedClient.outcome(["token", "inspect", text], environment: keys)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains(#""room" : "r""#))
        #expect(outcome.errors.contains("signature is right"))
        let stranger = try await SpawnedClient.outcome(["token", "inspect", text])
        #expect(stranger.status == 0)
        #expect(stranger.errors.contains("not known"))
        let forged = try await SpawnedClient.outcome(
            ["token", "inspect", good.signed(with: "guess")], environment: keys)
        #expect(forged.status == 4)
        let old = AccessToken(apiKey: "k", identity: "i", at: Date(timeIntervalSince1970: 0))
        let expired = try await SpawnedClient.outcome(["token", "inspect", old.signed(with: "s")])
        #expect(expired.status == 4)
        #expect(expired.errors.contains("expired"))
    }

    @Test("devices --json is JSON with three lists")
    func devices() async throws {
        let outcome = try await SpawnedClient.outcome(["devices", "--json"])
        #expect(outcome.status == 0)
        let lists = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: [[String: Any]]])
        #expect(Set(lists.keys) == ["microphones", "speakers", "cameras"])
    }

    @Test("help goes to standard output and lists only what works")
    func help() async throws {
        let outcome = try await SpawnedClient.outcome(["join", "--help"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("--camera-size"))
        for word in ["doctor", "broadcast", "whip", "whep", "record", "e2ee", "simulcast", "terminal"] {
            #expect(!outcome.output.contains("--" + word))
        }
    }

    @Test(
        "bad usage is status 2 and one sentence on standard error",
        arguments: [
            ["--nonsense"], ["--url", "ftp://x", "--token", "t"], ["--url", "ws://127.0.0.1:1"],
            ["--view", "window", "--no-prompt"], ["--camera", "no such camera", "--no-prompt"],
            ["--stats", "/nonexistent/file", "--no-prompt"], ["serve", "--bind", "0.0.0.0"],
            ["token", "inspect", "nonsense"], ["token", "create", "--room", "r", "--identity", "i"],
            [
                "token", "create", "--room", "r", "--identity", "i", "--api-key", "k", "--api-secret", "s",
                "--grant", "x",
            ],
        ])
    func usage(arguments: [String]) async throws {
        let outcome = try await SpawnedClient.outcome(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.count > 10)
    }

    @Test("a server that is not there is status 3")
    func unreachable() async throws {
        let outcome = try await SpawnedClient.outcome(
            ["--url", "ws://127.0.0.1:1", "--token", "t", "--no-prompt", "--view", "none"])
        #expect(outcome.status == 3)
        #expect(outcome.errors.contains("127.0.0.1"))
    }

    @Test(".env of the working folder is read, and a bad line of it is named")
    func dotEnv() async throws {
        let text = "LIVEKIT_API_KEY=devkey\r\nwhat is this\r\nexport LIVEKIT_API_SECRET='secret'\r\n"
        let outcome = try await SpawnedClient.outcome(
            ["token", "create", "--room", "r", "--identity", "i"], files: [".env": text])
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("line 2"))
    }
}
