import RoomKit

/// Why a call is over.
enum CallEnd: Sendable {
    /// `q`, or the close button of the window.
    case quit
    /// A signal from outside.
    case signal
    /// `--duration` has passed.
    case duration
    /// `--exit-when-alone`: the last of the others has left.
    case alone
    /// The room ended it.
    case room(DisconnectReason)
    /// It never began, or something broke.
    case failed(ProgramError)

    /// Status and sentence for the end of the process.
    func outcome() throws(ProgramError) -> String {
        switch self {
        case .quit, .signal: return "Left the room."
        case .duration: return "Left the room: the time is over."
        case .alone: return "Left the room: everybody else has left."
        case .room(.clientInitiated): return "Left the room."
        case .room(let reason): throw ProgramError(ended: reason)
        case .failed(let error): throw error
        }
    }
}
