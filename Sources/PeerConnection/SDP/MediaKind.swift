/// What a media section carries.
package enum MediaKind: String, Hashable, Sendable {
    case audio, video
    /// Data channels over SCTP (RFC 8841).
    case application
}

/// Who sends in a media section, seen from the side that writes the description (RFC 8866 §6.7).
package enum MediaDirection: String, Hashable, Sendable {
    case sendrecv, sendonly, recvonly, inactive

    /// Makes the direction that sends and receives as said.
    package init(sends: Bool, receives: Bool) {
        self =
            switch (sends, receives) {
            case (true, true): .sendrecv
            case (true, false): .sendonly
            case (false, true): .recvonly
            case (false, false): .inactive
            }
    }

    /// Whether the writer of the description sends.
    package var sends: Bool { self == .sendrecv || self == .sendonly }

    /// Whether the writer of the description receives.
    package var receives: Bool { self == .sendrecv || self == .recvonly }

    /// The same direction seen from the other side.
    package var reversed: MediaDirection { MediaDirection(sends: receives, receives: sends) }

    /// What both directions allow.
    package func intersection(_ other: MediaDirection) -> MediaDirection {
        MediaDirection(sends: sends && other.sends, receives: receives && other.receives)
    }
}
