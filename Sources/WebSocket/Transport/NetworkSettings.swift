/// How connections are made; the program reads them from its settings.
package struct NetworkSettings: Hashable, Sendable {
    /// Which proxies to use.
    package var proxies: ProxySettings
    /// A PEM file of certificates to trust besides those of the system.
    package var authorities: String?

    /// Makes settings; by default no proxy and the certificates of the system.
    package init(proxies: ProxySettings = ProxySettings(), authorities: String? = nil) {
        self.proxies = proxies
        self.authorities = authorities
    }

    /// Opens a stream to an endpoint: through the proxy if there is one, and with TLS if the
    /// endpoint wants it.
    func open(_ endpoint: WebSocketEndpoint) async throws(WebSocketError) -> any ByteStream {
        let stream: any ByteStream
        if let proxy = try proxies.proxy(for: endpoint) {
            stream = try await ProxyTunnel.connect(through: proxy, to: endpoint, authorities: authorities)
        } else {
            stream = try await TCPStream.connect(host: endpoint.host, port: endpoint.port)
        }
        guard endpoint.isSecure else { return stream }
        return try await TLSStream.connect(over: stream, host: endpoint.host, authorities: authorities)
    }
}
