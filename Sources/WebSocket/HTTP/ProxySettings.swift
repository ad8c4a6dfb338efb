import Foundation

/// Through which HTTP proxy to go: the values of the well-known environment variables.
package struct ProxySettings: Hashable, Sendable {
    /// One proxy, taken apart.
    package struct Proxy: Hashable, Sendable {
        /// Where it is; TLS is spoken to it when its URL says `https`.
        package var endpoint: WebSocketEndpoint
        /// User name and password for basic authentication, joined by a colon.
        package var credentials: String?
    }

    /// Value of `HTTPS_PROXY`, for `wss` and `https`.
    package var secure: String?
    /// Value of `HTTP_PROXY`, for `ws` and `http`.
    package var plain: String?
    /// Value of `NO_PROXY`: hosts, domains and `*`, separated by commas.
    package var exceptions: String?

    /// Makes settings; by default there is no proxy.
    package init(secure: String? = nil, plain: String? = nil, exceptions: String? = nil) {
        self.secure = secure
        self.plain = plain
        self.exceptions = exceptions
    }

    /// The proxy for a destination; `nil` = go there directly. Loopback never goes through a proxy.
    func proxy(for endpoint: WebSocketEndpoint) throws(WebSocketError) -> Proxy? {
        let value = (endpoint.isSecure ? secure : plain)?.trimmingCharacters(in: .whitespaces) ?? ""
        guard !value.isEmpty, !isExcepted(endpoint) else { return nil }
        guard let url = URL(string: value.contains("://") ? value : "http://\(value)") else {
            throw .invalidURL(value)
        }
        let user = url.user(percentEncoded: false)
        let password = url.password(percentEncoded: false) ?? ""
        return Proxy(endpoint: try WebSocketEndpoint(url), credentials: user.map { "\($0):\(password)" })
    }

    private func isExcepted(_ endpoint: WebSocketEndpoint) -> Bool {
        let host = endpoint.host.lowercased()
        if host == "localhost" || host == "::1" || host.hasPrefix("127.") { return true }
        return (exceptions ?? "").split(separator: ",").contains { entry in
            var name = entry.trimmingSpaces.lowercased()
            if name == "*" { return true }
            if name.hasSuffix(":\(endpoint.port)") { name.removeLast("\(endpoint.port)".count + 1) }
            if name.hasPrefix("*") { name.removeFirst() }
            if name.hasPrefix(".") { name.removeFirst() }
            return !name.isEmpty && (host == name || host.hasSuffix(".\(name)"))
        }
    }
}
