internal import LiveKitProtocol

/// What signaling tells the room.
enum SignalEvent: Sendable {
    /// The server said something that concerns the room; never `join`, pings or tokens.
    case message(Livekit_SignalResponse.OneOf_Message)
    /// The server sent a newer token; it is used for the next connection.
    case tokenRefreshed(String)
    /// The connection is gone without a leave; nothing follows.
    case lost(SignalError)
}

/// How the server opened a session.
struct SignalJoin: Sendable {
    /// The first message of the server.
    var join: Livekit_JoinResponse
    /// Whether media go both ways on one peer connection (path `/rtc/v1`), or on two (`/rtc`).
    var isSinglePeerConnection: Bool
}
