import Foundation
import TestSupport
import Testing
import WebSocket

@Suite("ProxyTunnel", .serialized, .timeLimit(.minutes(1)))
struct ProxyTunnelTests {
    /// The proxy reaches the test server whatever it is asked for, so the name need not exist.
    private func url(_ scheme: String, _ host: String = "rooms.example.com") throws -> URL {
        try #require(URL(string: "\(scheme)://\(host):7880/echo"))
    }

    private func exchange(_ url: URL, _ settings: NetworkSettings) async throws {
        let connection = try await WebSocketConnection.connect(
            to: url, settings: settings, timeout: .seconds(5))
        try await connection.send([9])
        let message = try await connection.nextMessage()
        #expect(message == .binary([9]))
        await connection.close()
    }

    @Test("a WebSocket passes through the proxy of its scheme, with the credentials of its URL")
    func plain() async throws {
        try await TestServer.run { server in
            try await TestProxy.run(to: server.port) { proxy in
                let settings = NetworkSettings(
                    proxies: ProxySettings(plain: "http://alice:se%20cret@127.0.0.1:\(proxy.port)"))
                try await exchange(try url("ws"), settings)
                let requests = try await proxy.requests()
                #expect(
                    requests == [
                        "CONNECT rooms.example.com:7880 HTTP/1.1\r\nHost: rooms.example.com:7880\r\n"
                            + "Proxy-Authorization: Basic YWxpY2U6c2UgY3JldA==\r\n\r\n"
                    ])
            }
        }
    }

    @Test("TLS goes through the tunnel and checks the server, not the proxy")
    func secure() async throws {
        try await ServerCertificate.run(name: "DNS:rooms.example.com") { certificate in
            try await TestServer.run(tls: certificate.context()) { server in
                try await TestProxy.run(to: server.port) { proxy in
                    let settings = NetworkSettings(
                        proxies: ProxySettings(secure: "127.0.0.1:\(proxy.port)"),
                        authorities: certificate.authority)
                    try await exchange(try url("wss"), settings)
                    await #expect(throws: WebSocketError.certificateHostMismatch(host: "other.example.com")) {
                        try await exchange(try url("wss", "other.example.com"), settings)
                    }
                }
            }
        }
    }

    @Test("a plain request passes through the tunnel too")
    func request() async throws {
        try await TestServer.run { server in
            try await TestProxy.run(to: server.port) { proxy in
                let settings = NetworkSettings(proxies: ProxySettings(plain: "127.0.0.1:\(proxy.port)"))
                let url = try #require(URL(string: "http://rooms.example.com/validate"))
                let response = try await HTTPRequest.get(url, settings: settings, timeout: .seconds(5))
                #expect(response.text == "GET /validate")
            }
        }
    }

    @Test("a proxy that refuses is named, with its status", arguments: [403, 407, 502])
    func refused(status: Int) async throws {
        try await TestProxy.run(status: status, to: 0) { proxy in
            let settings = NetworkSettings(proxies: ProxySettings(plain: "127.0.0.1:\(proxy.port)"))
            await #expect(
                throws: WebSocketError.proxyRefused(proxy: "127.0.0.1:\(proxy.port)", status: status)
            ) {
                try await exchange(try url("ws"), settings)
            }
        }
    }

    @Test("a host among the exceptions is reached directly")
    func exception() async throws {
        try await TestProxy.run(to: 0) { proxy in
            let settings = NetworkSettings(
                proxies: ProxySettings(plain: "127.0.0.1:\(proxy.port)", exceptions: "invalid"))
            await #expect(throws: WebSocketError.unknownHost("rooms.invalid")) {
                try await exchange(try url("ws", "rooms.invalid"), settings)
            }
            let requests = try await proxy.requests()
            #expect(requests.isEmpty)
        }
    }
}
