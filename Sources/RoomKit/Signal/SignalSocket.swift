internal import Foundation
internal import WebSocket

/// An open message socket to the server: the seam between signaling and the network.
///
/// A libcurl with WebSocket support would allow one on Foundation's URLSession; here it is
/// `WebSocketConnection`.
protocol SignalSocket: Sendable {
    /// Sends one binary message.
    func send(_ bytes: [UInt8]) async throws(WebSocketError)
    /// Waits for the next message; `nil` after a closing handshake.
    func nextMessage() async throws(WebSocketError) -> WebSocketMessage?
    /// Says goodbye and closes.
    func close() async
}

/// What opens sockets.
protocol SignalNetwork: Sendable {
    /// Opens a WebSocket.
    func connect(
        to url: URL, headers: HTTPHeaders, settings: NetworkSettings, timeout: Duration
    ) async throws(WebSocketError) -> any SignalSocket
    /// Does one GET.
    func get(
        _ url: URL, headers: HTTPHeaders, settings: NetworkSettings, timeout: Duration
    ) async throws(WebSocketError) -> HTTPResponse
}

extension WebSocketConnection: SignalSocket {
    func close() async {
        await close(WebSocketClose(code: 1000))
    }
}

/// The real network.
struct WebSocketNetwork: SignalNetwork {
    func connect(
        to url: URL, headers: HTTPHeaders, settings: NetworkSettings, timeout: Duration
    ) async throws(WebSocketError) -> any SignalSocket {
        try await WebSocketConnection.connect(to: url, headers: headers, settings: settings, timeout: timeout)
    }

    func get(
        _ url: URL, headers: HTTPHeaders, settings: NetworkSettings, timeout: Duration
    ) async throws(WebSocketError) -> HTTPResponse {
        try await HTTPRequest.get(url, headers: headers, settings: settings, timeout: timeout)
    }
}
