import RoomKit

extension ProgramError {
    /// What a failure to join means for the process.
    init(joining error: RoomError) {
        let status: ExitStatus =
            switch error.code {
            case .invalidURL: .usage
            case .unreachable, .tls, .timedOut, .disconnected: .unreachable
            case .unauthorized, .notFound, .refused, .permission: .refused
            case .cancelled: .interrupted
            default: .internalError
            }
        self.init(status, error.message)
    }

    /// What the end of a call by somebody else means for the process.
    init(ended reason: DisconnectReason) {
        let sentence: (ExitStatus, String) =
            switch reason {
            case .duplicateIdentity:
                (
                    .removed,
                    "Somebody with the same identity took your place; choose another --identity."
                )
            case .participantRemoved:
                (.removed, "Somebody put you out of the room; ask them before you join again.")
            case .roomDeleted, .roomClosed:
                (.removed, "The room was closed; join again to open a new one.")
            case .userRejected:
                (.removed, "The call was rejected; ask the other side before you join again.")
            case .serverShutdown:
                (.connectionLost, "The server shut down; join again when it is back.")
            case .connectionLost, .signalClose, .connectionTimeout:
                (
                    .connectionLost,
                    "The connection was lost and could not be regained; check the network and join again."
                )
            case .joinFailure:
                (.refused, "The server did not let the participant in; check the token and the server's log.")
            default:
                (.connectionLost, "The server ended the session (\(reason.rawValue)); join again.")
            }
        self.init(sentence.0, sentence.1)
    }
}
