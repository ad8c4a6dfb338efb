import Foundation

/// Asks an HTTP proxy for a tunnel (RFC 9110 §9.3.6).
enum ProxyTunnel {
    /// Connects to the proxy and has it connect to `destination`; the stream is the destination's
    /// from then on.
    static func connect(
        through proxy: ProxySettings.Proxy, to destination: WebSocketEndpoint, authorities: String?
    ) async throws(WebSocketError) -> any ByteStream {
        let tcp = try await TCPStream.connect(host: proxy.endpoint.host, port: proxy.endpoint.port)
        let stream: any ByteStream =
            proxy.endpoint.isSecure
            ? try await TLSStream.connect(over: tcp, host: proxy.endpoint.host, authorities: authorities)
            : tcp
        try await stream.write(request(to: destination, credentials: proxy.credentials))
        var parser = HTTPResponseParser(bodyLimit: 1 << 10, endsAtHead: { _ in true })
        while !parser.isComplete {
            guard let bytes = try await stream.read() else {
                throw .connectionLost("the proxy \(proxy.endpoint.hostAndPort) hung up")
            }
            do {
                try parser.receive(bytes)
            } catch {
                throw .invalidResponse(error.rawValue)
            }
        }
        guard let status = parser.head?.status, (200..<300).contains(status) else {
            throw .proxyRefused(proxy: proxy.endpoint.hostAndPort, status: parser.head?.status ?? 0)
        }
        // Nobody speaks before we do: the first word is ours in TLS and in HTTP.
        guard parser.rest.isEmpty else { throw .invalidResponse("the proxy sends bytes before it is asked") }
        return stream
    }

    private static func request(to destination: WebSocketEndpoint, credentials: String?) -> [UInt8] {
        var headers: HTTPHeaders = ["Host": destination.hostAndPort]
        if let credentials {
            headers.append("Proxy-Authorization", "Basic \(Data(credentials.utf8).base64EncodedString())")
        }
        return Array("CONNECT \(destination.hostAndPort) HTTP/1.1\r\n\(headers.lines)\r\n".utf8)
    }
}
