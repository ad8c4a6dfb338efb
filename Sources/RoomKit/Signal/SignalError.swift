internal import Foundation
internal import LiveKitProtocol
internal import WebSocket

/// Why signaling failed, with one sentence that says what happened and what to try.
enum SignalError: Error, Hashable, Sendable {
    /// The URL cannot be used.
    case invalidURL(String)
    /// The server cannot be reached; with the sentence of the layer below.
    case unreachable(String)
    /// The server's certificate, or TLS as such; with the sentence of the layer below.
    case tlsFailed(String)
    /// The server did not answer in time; what it was waited for.
    case timedOut(String)
    /// There is a web server, but no LiveKit server at this path.
    case notAServer(String)
    /// The token's time is over.
    case tokenExpired
    /// The token is missing, malformed, or signed with another secret; with the server's reason.
    case tokenInvalid(String)
    /// The token does not allow this; with the server's reason.
    case notPermitted(String)
    /// The room does not exist, and this server makes none on demand.
    case roomNotFound
    /// Refused for another reason.
    case refused(status: Int, reason: String)
    /// The server ended the session instead of opening it.
    case left(Livekit_DisconnectReason, action: Livekit_LeaveRequest.Action)
    /// The connection broke.
    case connectionLost(String)
    /// Nothing arrived for the whole ping timeout.
    case silent
    /// The task was cancelled, or the client closed.
    case cancelled

    /// Sorts what the socket reports.
    init(_ error: WebSocketError) {
        switch error {
        case .invalidURL(let url): self = .invalidURL(url)
        case .unknownHost, .refused, .unreachable, .proxyRefused: self = .unreachable(error.description)
        case .timedOut: self = .timedOut(error.description)
        case .certificateExpired, .certificateUntrusted, .certificateHostMismatch, .tlsFailed:
            self = .tlsFailed(error.description)
        case .upgradeRefused(let status, let body): self = SignalError(status: status, reason: body)
        case .invalidResponse, .protocolViolation, .connectionLost, .closed:
            self = .connectionLost(error.description)
        case .cancelled: self = .cancelled
        }
    }

    /// Sorts a refusal by status and text, which are the same for the upgrade and for `validate`.
    init(status: Int, reason: String) {
        let reason = String(reason.prefix(300))
        let text = reason.lowercased()
        switch status {
        case 401 where text.contains("expired"): self = .tokenExpired
        case 401 where text.contains("permission"), 403: self = .notPermitted(reason)
        case 401: self = .tokenInvalid(reason)
        case 404: self = SignalError.saysRoomIsMissing(text) ? .roomNotFound : .notAServer(reason)
        default: self = .refused(status: status, reason: reason)
        }
    }

    /// Any other 404 means that the path is unknown.
    static func saysRoomIsMissing(_ text: String) -> Bool {
        text.lowercased().contains("requested room does not exist")
    }

    /// Whether another attempt with the same token and URL may succeed.
    var isWorthRetrying: Bool {
        switch self {
        case .unreachable, .timedOut, .connectionLost, .silent: true
        case .refused(let status, _): status >= 500
        case .left(_, let action): action != .disconnect
        case .invalidURL, .tlsFailed, .notAServer, .tokenExpired, .tokenInvalid, .notPermitted, .roomNotFound,
            .cancelled:
            false
        }
    }
}

extension SignalError: CustomStringConvertible {
    var description: String {
        switch self {
        case .invalidURL(let url):
            "“\(url)” is not a server URL; use ws://, wss://, http:// or https:// and a host."
        case .unreachable(let sentence), .tlsFailed(let sentence), .timedOut(let sentence): sentence
        case .connectionLost(let sentence): sentence
        case .notAServer: "There is no LiveKit server at this URL; check its host, port and path."
        case .tokenExpired: "The access token has expired; make a new one."
        case .tokenInvalid(let reason):
            "The server does not accept the access token\(inBrackets(reason)); check its API key and secret."
        case .notPermitted(let reason):
            "The access token does not allow this\(inBrackets(reason)); it needs roomJoin and the room's name."
        case .roomNotFound:
            "The room does not exist and the server does not make rooms on demand; create it first."
        case .refused(let status, let reason):
            "The server refused with status \(status)\(inBrackets(reason))"
                + (status >= 500 ? "; try again later." : ".")
        case .left(let reason, _): "The server ended the session: \(reason)."
        case .silent: "The server has not been heard for the whole ping timeout."
        case .cancelled: "The attempt was cancelled."
        }
    }

    private func inBrackets(_ reason: String) -> String {
        reason.isEmpty ? "" : " (\(reason))"
    }
}
