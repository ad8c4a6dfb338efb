import Foundation
import NIOSSL
import TestSupport
import Testing
import WebSocket

@Suite("TLSStream", .serialized, .timeLimit(.minutes(1)))
struct TLSStreamTests {
    /// Connects to `host`, which is the test server by name or by address, and returns what went wrong.
    private func failure(
        _ tls: NIOSSLContext, host: String = "localhost", authorities: String?
    ) async throws -> WebSocketError? {
        var result: WebSocketError?
        var answer: WebSocketMessage?
        try await TestServer.run(tls: tls) { server in
            let url = try #require(URL(string: "wss://\(host):\(server.port)/echo"))
            do throws(WebSocketError) {
                let connection = try await WebSocketConnection.connect(
                    to: url, settings: NetworkSettings(authorities: authorities), timeout: .seconds(5))
                try await connection.send([1, 2, 3])
                answer = try await connection.nextMessage()
                await connection.close()
            } catch {
                result = error
            }
        }
        #expect(answer == (result == nil ? .binary([1, 2, 3]) : nil))
        return result
    }

    @Test(
        "a certificate for the name, or for the address, is accepted", arguments: ["localhost", "127.0.0.1"])
    func good(host: String) async throws {
        try await ServerCertificate.run(name: "DNS:localhost,IP:127.0.0.1") { certificate in
            let error = try await failure(
                certificate.context(), host: host, authorities: certificate.authority)
            #expect(error == nil)
        }
    }

    @Test("an expired certificate is refused as expired")
    func expired() async throws {
        try await ServerCertificate.run(name: "DNS:localhost", days: -1) { certificate in
            let error = try await failure(certificate.context(), authorities: certificate.authority)
            #expect(error == .certificateExpired(host: "localhost"))
        }
    }

    @Test("a certificate of a foreign authority is refused as untrusted")
    func foreign() async throws {
        try await ServerCertificate.run(name: "DNS:localhost") { ours in
            try await ServerCertificate.run(name: "DNS:localhost") { theirs in
                for authorities in [ours.authority, nil] {
                    let error = try await failure(theirs.context(), authorities: authorities)
                    guard case .certificateUntrusted("localhost", _)? = error else {
                        Issue.record("a foreign certificate is accepted, or refused for another reason")
                        return
                    }
                }
            }
        }
    }

    @Test(
        "a certificate for another name or address is refused as that",
        arguments: [
            ("localhost", "DNS:example.com"), ("127.0.0.1", "DNS:127.0.0.1"), ("127.0.0.1", "IP:127.0.0.2"),
        ])
    func otherHost(host: String, names: String) async throws {
        try await ServerCertificate.run(name: names) { certificate in
            let error = try await failure(
                certificate.context(), host: host, authorities: certificate.authority)
            #expect(error == .certificateHostMismatch(host: host))
        }
    }

    @Test("a server that does not speak TLS, and one that speaks only an old version, are refused")
    func noTLS() async throws {
        try await TestServer.run { server in
            let url = try #require(URL(string: "wss://localhost:\(server.port)/echo"))
            await #expect(throws: WebSocketError.self) {
                try await WebSocketConnection.connect(to: url, timeout: .seconds(5))
            }
        }
        try await ServerCertificate.run(name: "DNS:localhost") { certificate in
            let error = try await failure(
                certificate.context(highest: .tlsv11), authorities: certificate.authority)
            guard case .tlsFailed("localhost", _)? = error else {
                Issue.record("TLS 1.1 is accepted, or refused for another reason")
                return
            }
        }
    }

    @Test("megabytes pass in both directions")
    func bulk() async throws {
        try await ServerCertificate.run(name: "DNS:localhost") { certificate in
            try await TestServer.run(tls: certificate.context()) { server in
                let url = try #require(URL(string: "wss://localhost:\(server.port)/echo"))
                let connection = try await WebSocketConnection.connect(
                    to: url, settings: NetworkSettings(authorities: certificate.authority),
                    timeout: .seconds(5))
                let block = (0..<16_000).map { UInt8(truncatingIfNeeded: $0) }
                async let sent: Void = {
                    for _ in 0..<200 { try await connection.send(block) }
                }()
                for _ in 0..<200 {
                    let message = try await connection.nextMessage()
                    #expect(message == .binary(block))
                }
                try await sent
                await connection.close()
            }
        }
    }
}
