import Foundation
import FoundationNetworking
import LiveKitProtocol
import Logging
import Testing

@testable import RoomServer

@Suite("The server on the network")
struct RoomServerTests {
    private func withServer(_ body: (RoomServerAddress) async throws -> Void) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = RoomServer(
            configuration: RoomServerConfiguration(keys: ["key": "secret"]), logger: logger)
        let address = try await server.start()
        do {
            try await body(address)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func get(
        _ path: String, at address: RoomServerAddress, token: String? = nil
    ) async throws -> (status: Int, body: String, origin: String?) {
        var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(address.port)\(path)")))
        if let token { request.setValue("Bearer " + token, forHTTPHeaderField: "Authorization") }
        let (data, response) = try await URLSession.shared.data(for: request)
        let http = try #require(response as? HTTPURLResponse)
        let origin = http.value(forHTTPHeaderField: "Access-Control-Allow-Origin")
        return (http.statusCode, String(decoding: data, as: UTF8.self), origin)
    }

    @Test("it says that it is well, and knows no other paths")
    func answersHealth() async throws {
        try await withServer { address in
            let health = try await get("/", at: address)
            #expect(health.status == 200)
            #expect(health.body == "OK")
            for path in ["/elsewhere", "/rtc", "/rtc/v1"] {
                let unknown = try await get(path, at: address)
                #expect(unknown.status == 404)
            }
        }
    }

    @Test(
        "it explains to every origin why a client may not connect",
        arguments: ["/rtc/validate", "/rtc/v1/validate"])
    func explainsRefusals(path: String) async throws {
        try await withServer { address in
            let refused = try await get(path, at: address, token: "nonsense")
            #expect(refused.status == 401)
            #expect(refused.origin == "*")
            #expect(!refused.body.isEmpty)
        }
    }

    @Test("it confirms a good token")
    func confirms() async throws {
        let token = AccessToken(
            apiKey: "key", identity: "anna", video: VideoGrants(room: "room", roomJoin: true))
        try await withServer { address in
            let confirmed = try await get("/rtc/validate", at: address, token: token.signed(with: "secret"))
            #expect(confirmed.status == 200)
            #expect(confirmed.body == "success")
        }
    }

    private func token(_ identity: String = "anna") -> String {
        AccessToken(apiKey: "key", identity: identity, video: VideoGrants(room: "room", roomJoin: true))
            .signed(with: "secret")
    }

    @Test(
        "a WebSocket that is refused gets the reason in a response",
        arguments: [
            ("/rtc", "nonsense", "401"), ("/rtc/v1", nil, "400"), ("/elsewhere", nil, "404"),
        ])
    func refusesUpgrades(path: String, badToken: String?, status: String) async throws {
        let token = badToken ?? token()
        try await withServer { address in
            let response = try await blocking {
                RawWebSocket(port: address.port, path: path, token: token).readToEnd()
            }
            #expect(response.hasPrefix("HTTP/1.1 \(status) "))
            #expect(response.lowercased().contains("access-control-allow-origin: *"))
        }
    }

    @Test("a client is greeted, gets a token and an offer, and is let go when it leaves")
    func greetsClient() async throws {
        let token = token()
        try await withServer { address in
            let (head, messages) = try await blocking {
                let socket = RawWebSocket(port: address.port, path: "/rtc?protocol=17", token: token)
                let head = socket.readHead()
                let messages = try (0..<3).map { _ in try socket.readMessage() }
                try socket.send(.leave(Livekit_LeaveRequest()))
                // The server closes; a read beyond that would end in nothing after five seconds.
                while try socket.readMessage() != nil {}
                return (head, messages)
            }
            #expect(head.hasPrefix("HTTP/1.1 101 "))
            guard case .join(let join) = messages[0], case .refreshToken(let fresh) = messages[1],
                case .offer(let offer) = messages[2]
            else {
                Issue.record("the first messages are others")
                return
            }
            #expect(join.participant.identity == "anna")
            #expect(join.subscriberPrimary)
            #expect(throws: Never.self) { try AccessToken(verifying: fresh) { _ in "secret" } }
            #expect(offer.sdp.contains("webrtc-datachannel"))
        }
    }

    @Test("a client that wants to resume is told to join anew")
    func refusesResume() async throws {
        let token = token()
        try await withServer { address in
            let messages = try await blocking {
                let socket = RawWebSocket(port: address.port, path: "/rtc?reconnect=1&sid=PA_x", token: token)
                _ = socket.readHead()
                return try [socket.readMessage(), socket.readMessage()]
            }
            #expect(messages == [.leave(.make(.stateMismatch, .reconnect)), nil])
        }
    }

    @Test("a server that stops says so to everybody")
    func saysGoodbye() async throws {
        let token = token()
        let (greeted, greeting) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        var client: Task<Livekit_DisconnectReason?, any Error>?
        try await withServer { address in
            client = Task {
                try await blocking {
                    let socket = RawWebSocket(port: address.port, path: "/rtc", token: token)
                    _ = socket.readHead()
                    var reason: Livekit_DisconnectReason?
                    while let message = try socket.readMessage() {
                        if case .join = message { greeting.finish() }
                        if case .leave(let leave) = message { reason = leave.reason }
                    }
                    return reason
                }
            }
            for await _ in greeted {}
        }
        #expect(try await client?.value == .serverShutdown)
    }

    @Test("a port that is taken is an error, not a trap")
    func reportsTakenPort() async throws {
        try await withServer { address in
            let configuration = RoomServerConfiguration(port: address.port, keys: [:])
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let second = RoomServer(configuration: configuration, logger: logger)
            await #expect(throws: RoomServer.StartError.self) { try await second.start() }
        }
    }

    @Test("it can be stopped and its port used again")
    func stops() async throws {
        try await withServer { first in
            #expect(first.port > 0)
        }
        try await withServer { second in
            let health = try await get("/", at: second)
            #expect(health.status == 200)
        }
    }
}
