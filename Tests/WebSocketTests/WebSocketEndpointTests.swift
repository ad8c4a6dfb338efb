import Foundation
import Testing

@testable import WebSocket

@Suite("WebSocketEndpoint and ProxySettings")
struct WebSocketEndpointTests {
    private func endpoint(_ text: String) throws -> WebSocketEndpoint {
        try WebSocketEndpoint(#require(URL(string: text)))
    }

    @Test(
        "URLs are taken apart",
        arguments: [
            ("ws://host", "host", 80, false, "/", "host"), ("wss://host", "host", 443, true, "/", "host"),
            ("http://host:7880/a/rtc?x=1", "host", 7880, false, "/a/rtc?x=1", "host:7880"),
            ("WSS://Host:443/", "Host", 443, true, "/", "Host"),
            ("ws://[::1]:7880/rtc", "::1", 7880, false, "/rtc", "[::1]:7880"),
        ] as [(String, String, UInt16, Bool, String, String)])
    func urls(text: String, host: String, port: UInt16, isSecure: Bool, target: String, authority: String)
        throws
    {
        let endpoint = try endpoint(text)
        #expect(endpoint.host.lowercased() == host.lowercased())
        #expect(endpoint.port == port)
        #expect(endpoint.isSecure == isSecure)
        #expect(endpoint.target == target)
        #expect(endpoint.authority.lowercased() == authority.lowercased())
    }

    @Test(
        "what cannot be connected to is refused",
        arguments: ["ftp://host", "wss:", "ws:///path", "host", "ws://host:0", "ws://host:65536"])
    func refused(text: String) throws {
        let url = try #require(URL(string: text))
        #expect(throws: WebSocketError.self) { try WebSocketEndpoint(url) }
    }

    private func proxyHost(_ settings: ProxySettings, _ url: String) throws -> String? {
        try settings.proxy(for: endpoint(url))?.endpoint.host
    }

    @Test("each scheme has its proxy, with a user name and a password if the URL has them")
    func proxies() throws {
        let settings = ProxySettings(secure: "http://us%40er:pa%20ss@one:3128", plain: "two:8080")
        #expect(try proxyHost(settings, "wss://a.com") == "one")
        #expect(try proxyHost(settings, "ws://a.com") == "two")
        let proxy = try settings.proxy(for: endpoint("wss://a.com"))
        #expect(proxy?.credentials == "us@er:pa ss")
        #expect(proxy?.endpoint.port == 3128)
        #expect(try proxyHost(ProxySettings(secure: ""), "wss://a.com") == nil)
    }

    @Test(
        "exceptions go directly",
        arguments: [
            ("a.com", true), (".a.com", true), ("*.a.com", true), ("b.com, A.com ", true), ("*", true),
            ("x.a.com", true),
            ("a.com:443", false), ("a.com:7880", true), ("x.a", false), ("com.", false), ("", false),
            ("xa.com", false),
        ])
    func exceptions(list: String, isDirect: Bool) throws {
        let settings = ProxySettings(secure: "proxy:1", exceptions: list)
        #expect(try (proxyHost(settings, "wss://x.a.com:7880") == nil) == isDirect)
    }

    @Test(
        "loopback never goes through a proxy",
        arguments: ["wss://localhost", "wss://127.0.0.1:1", "wss://[::1]"])
    func loopback(url: String) throws {
        #expect(try proxyHost(ProxySettings(secure: "proxy:1"), url) == nil)
    }
}
