package import Foundation

/// Where to connect to, taken apart once: the parts of a URL that a WebSocket or a plain request needs.
package struct WebSocketEndpoint: Hashable, Sendable {
    /// A name, or an address without brackets.
    package var host: String
    /// The TCP port.
    package var port: UInt16
    /// Whether TLS is spoken.
    package var isSecure: Bool
    /// Path and query, as the request line has them.
    package var target: String

    /// Reads a `ws`, `wss`, `http` or `https` URL.
    package init(_ url: URL) throws(WebSocketError) {
        switch url.scheme?.lowercased() {
        case "ws", "http": isSecure = false
        case "wss", "https": isSecure = true
        default: throw .invalidURL(url.absoluteString)
        }
        let host = (url.host(percentEncoded: false) ?? "").trimmingPrefix("[")
        self.host = String(host.hasSuffix("]") ? host.dropLast() : host)
        guard !self.host.isEmpty, let port = UInt16(exactly: url.port ?? (isSecure ? 443 : 80)), port > 0
        else {
            throw .invalidURL(url.absoluteString)
        }
        self.port = port
        let path = url.path(percentEncoded: true)
        let query = url.query(percentEncoded: true).map { "?\($0)" } ?? ""
        target = (path.isEmpty ? "/" : path) + query
    }

    /// Host and port as the `Host` field has them: without the port where it is the usual one.
    var authority: String {
        port == (isSecure ? 443 : 80) ? bracketedHost : hostAndPort
    }

    /// Host and port, always both.
    var hostAndPort: String { "\(bracketedHost):\(port)" }

    private var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }
}
