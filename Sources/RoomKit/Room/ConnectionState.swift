/// Where a room stands between "not there" and "in a call".
public enum ConnectionState: String, Sendable, Hashable {
    case disconnected, connecting, connected, reconnecting
}

/// How a lost connection is being regained.
public enum ReconnectMode: String, Sendable, Hashable {
    /// The session goes on: same participant, same tracks.
    case quick
    /// A new session: everything is published and subscribed again.
    case full
}

/// How good the connection of a participant is, as the server sees it.
public enum ConnectionQuality: String, Sendable, Hashable {
    case unknown, poor, good, excellent, lost
}

/// Whether the server sends a track at the moment or holds it back because the way is too narrow.
public enum StreamState: String, Sendable, Hashable {
    case active, paused
}
