import Foundation
import Testing

@testable import WebSocket

@Suite("WebSocketHandshake")
struct WebSocketHandshakeTests {
    /// The key of RFC 6455 §1.3: "the sample nonce".
    private let nonce = Array("the sample nonce".utf8)
    private let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    private func handshake() throws -> WebSocketHandshake {
        let endpoint = try WebSocketEndpoint(#require(URL(string: "ws://server.example.com/chat?x=%20y")))
        return WebSocketHandshake(
            endpoint: endpoint, headers: ["Authorization": "Bearer a\r\nb"], nonce: nonce)
    }

    private func answer(_ lines: String...) -> [UInt8] {
        Array((lines + ["", ""]).joined(separator: "\r\n").utf8)
    }

    private func accepted(_ bytes: [UInt8]) throws -> Bool {
        var handshake = try handshake()
        if case .accepted? = try handshake.receive(bytes) { return true }
        return false
    }

    @Test("the request is that of RFC 6455 §4.1, and no header field can smuggle in a line")
    func request() throws {
        let text = String(decoding: try handshake().request, as: UTF8.self)
        let expected = [
            "GET /chat?x=%20y HTTP/1.1", "Host: server.example.com", "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Authorization: Bearer ab", "", "",
        ]
        #expect(text.components(separatedBy: "\r\n") == expected)
    }

    @Test("the answer of RFC 6455 §1.3 opens the connection, and bytes behind it are kept")
    func opens() throws {
        var handshake = try handshake()
        let bytes = answer(
            "HTTP/1.1 101 Switching Protocols", "Upgrade: WebSocket", "Connection: keep-alive, Upgrade",
            "Sec-WebSocket-Accept: \(accept)")
        for byte in bytes.dropLast() {
            let outcome = try handshake.receive([byte])
            #expect(outcome == nil)
        }
        guard case .accepted(let rest)? = try handshake.receive([bytes[bytes.count - 1], 0x81]) else {
            Issue.record("not opened")
            return
        }
        #expect(rest == [0x81])
    }

    @Test("an answer that proves nothing is refused")
    func refusals() throws {
        let status = "HTTP/1.1 101 Switching Protocols"
        let (upgrade, connection) = ("Upgrade: websocket", "Connection: Upgrade")
        let proof = "Sec-WebSocket-Accept: \(accept)"
        #expect(try accepted(answer(status, upgrade, connection, proof)))
        for bytes in [
            answer(status, upgrade, connection), answer(status, upgrade, proof),
            answer(status, connection, proof),
            answer(status, upgrade, connection, "Sec-WebSocket-Accept: AAAA"),
            answer(status, upgrade, connection, proof, "Sec-WebSocket-Extensions: permessage-deflate"),
            answer(status, upgrade, connection, proof, "Sec-WebSocket-Protocol: chat"),
        ] {
            #expect(throws: WebSocketError.self) { try accepted(bytes) }
        }
    }

    @Test("another status is a refusal with its text, a redirect too")
    func otherStatus() throws {
        var handshake = try handshake()
        let head = answer("HTTP/1.1 302 Found", "Location: wss://elsewhere", "Content-Length: 4")
        guard case .refused(let response)? = try handshake.receive(head + Array("gone".utf8)) else {
            Issue.record("not refused")
            return
        }
        #expect(response.head.status == 302)
        #expect(response.text == "gone")
    }
}
