import Foundation

/// Why a connection could not be made or has ended, with one sentence for people.
package enum WebSocketError: Error, Hashable, Sendable {
    /// Not a `ws`, `wss`, `http` or `https` URL with a host.
    case invalidURL(String)
    /// The name has no address.
    case unknownHost(String)
    /// Nothing listens there.
    case refused(String)
    /// The network does not lead there; with the text of the system.
    case unreachable(String, reason: String)
    /// The peer did not answer in time.
    case timedOut(String)
    /// The certificate is past its last day, or before its first.
    case certificateExpired(host: String)
    /// The certificate was not issued by an authority this system trusts; with the text of OpenSSL.
    case certificateUntrusted(host: String, reason: String)
    /// The certificate belongs to another name.
    case certificateHostMismatch(host: String)
    /// TLS failed for another reason; with the text of OpenSSL.
    case tlsFailed(host: String, reason: String)
    /// The proxy does not let us through.
    case proxyRefused(proxy: String, status: Int)
    /// The server answered the upgrade with another status than 101.
    case upgradeRefused(status: Int, body: String)
    /// The server does not speak HTTP or WebSocket as it should.
    case invalidResponse(String)
    /// The server broke the WebSocket protocol after the upgrade.
    case protocolViolation(WebSocketViolation)
    /// The connection ended without a closing handshake.
    case connectionLost(String)
    /// This side has closed the connection.
    case closed
    /// The task was cancelled.
    case cancelled
}

extension WebSocketError: CustomStringConvertible, LocalizedError {
    package var description: String {
        switch self {
        case .invalidURL(let url): "“\(url)” is not a ws, wss, http or https URL with a host."
        case .unknownHost(let host): "The host name \(host) is unknown; check its spelling and the network."
        case .refused(let place): "Nothing listens at \(place); check the port and whether the server runs."
        case .unreachable(let place, let reason): "\(place) cannot be reached: \(reason)."
        case .timedOut(let place): "\(place) did not answer in time."
        case .certificateExpired(let host):
            "The certificate of \(host) has expired or is not valid yet; renew it, or check the clock here."
        case .certificateUntrusted(let host, let reason):
            "The certificate of \(host) is not trusted (\(reason)); name its authority in SSL_CERT_FILE."
        case .certificateHostMismatch(let host): "The certificate of the server was not issued for \(host)."
        case .tlsFailed(let host, let reason): "No secure connection to \(host): \(reason)."
        case .proxyRefused(let proxy, let status):
            status == 407
                ? "The proxy \(proxy) wants a user name and a password, or refuses those given."
                : "The proxy \(proxy) refuses the connection with status \(status)."
        case .upgradeRefused(let status, let body):
            "The server refused the connection with status \(status)\(body.isEmpty ? "" : ": \(body)")."
        case .invalidResponse(let reason): "The server does not speak WebSocket: \(reason)."
        case .protocolViolation(let violation):
            "The server broke the WebSocket protocol: \(violation.description)."
        case .connectionLost(let reason): "The connection was lost: \(reason)."
        case .closed: "The connection is closed."
        case .cancelled: "The connection attempt was cancelled."
        }
    }

    package var errorDescription: String? { description }
}
