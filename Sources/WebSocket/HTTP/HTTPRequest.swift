package import Foundation

/// One GET request on a connection of its own. Redirects are not followed.
package enum HTTPRequest {
    /// Fetches a URL; at most `bodyLimit` bytes of the content are kept.
    package static func get(
        _ url: URL, headers: HTTPHeaders = [:], settings: NetworkSettings = NetworkSettings(),
        timeout: Duration, bodyLimit: Int = 64 << 10
    ) async throws(WebSocketError) -> HTTPResponse {
        let endpoint = try WebSocketEndpoint(url)
        return try await withTimeout(timeout, for: endpoint.hostAndPort) { () async throws(WebSocketError) in
            try await exchange(endpoint, headers, settings, bodyLimit)
        }
    }
}

private func exchange(
    _ endpoint: WebSocketEndpoint, _ headers: HTTPHeaders, _ settings: NetworkSettings, _ bodyLimit: Int
) async throws(WebSocketError) -> HTTPResponse {
    let stream = try await settings.open(endpoint)
    defer { stream.close() }
    var all: HTTPHeaders = ["Host": endpoint.authority, "Accept": "*/*", "Connection": "close"]
    all.append(contentsOf: headers)
    try await stream.write(Array("GET \(endpoint.target) HTTP/1.1\r\n\(all.lines)\r\n".utf8))
    var parser = HTTPResponseParser(bodyLimit: bodyLimit)
    while !parser.isComplete {
        let bytes = try await stream.read()
        do {
            if let bytes {
                try parser.receive(bytes)
            } else {
                try parser.receiveEnd()
            }
        } catch {
            throw .invalidResponse(error.rawValue)
        }
    }
    guard let response = parser.response else { throw .invalidResponse("the answer is empty") }
    return response
}
