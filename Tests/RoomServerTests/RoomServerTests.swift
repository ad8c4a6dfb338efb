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
        let server = RoomServer(configuration: RoomServerConfiguration(keys: ["key": "secret"]), logger: logger)
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

    @Test("it explains to every origin why a client may not connect", arguments: ["/rtc/validate", "/rtc/v1/validate"])
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
        let token = AccessToken(apiKey: "key", identity: "anna", video: VideoGrants(room: "room", roomJoin: true))
        try await withServer { address in
            let confirmed = try await get("/rtc/validate", at: address, token: token.signed(with: "secret"))
            #expect(confirmed.status == 200)
            #expect(confirmed.body == "success")
        }
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
