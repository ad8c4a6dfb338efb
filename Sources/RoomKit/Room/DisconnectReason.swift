internal import LiveKitProtocol

/// Why a session ended.
public enum DisconnectReason: String, Sendable, Hashable {
    case unknown, clientInitiated, duplicateIdentity, serverShutdown, participantRemoved, roomDeleted
    case stateMismatch, joinFailure, migration, signalClose, roomClosed, userUnavailable, userRejected
    case sipTrunkFailure, connectionTimeout, mediaFailure, agentError
    /// The connection was lost and could not be regained.
    case connectionLost

    /// Whether somebody or something on the server put us out, so that coming back at once is no use.
    public var isRemoval: Bool {
        switch self {
        case .duplicateIdentity, .participantRemoved, .roomDeleted, .roomClosed, .userRejected: true
        default: false
        }
    }
}

extension DisconnectReason {
    init(_ reason: Livekit_DisconnectReason) {
        self =
            switch reason {
            case .clientInitiated: .clientInitiated
            case .duplicateIdentity: .duplicateIdentity
            case .serverShutdown: .serverShutdown
            case .participantRemoved: .participantRemoved
            case .roomDeleted: .roomDeleted
            case .stateMismatch: .stateMismatch
            case .joinFailure: .joinFailure
            case .migration: .migration
            case .signalClose: .signalClose
            case .roomClosed: .roomClosed
            case .userUnavailable: .userUnavailable
            case .userRejected: .userRejected
            case .sipTrunkFailure: .sipTrunkFailure
            case .connectionTimeout: .connectionTimeout
            case .mediaFailure: .mediaFailure
            case .agentError: .agentError
            default: .unknown
            }
    }
}
