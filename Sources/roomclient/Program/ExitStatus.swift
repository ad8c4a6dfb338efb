/// How the process ends, for scripts.
enum ExitStatus: Int32, Sendable {
    /// Left by the user, or after `--duration`.
    case success = 0
    /// A defect of this program.
    case internalError = 1
    /// Wrong options or settings.
    case usage = 2
    /// The server cannot be reached.
    case unreachable = 3
    /// The server does not let us in.
    case refused = 4
    /// Somebody or something put us out of the room.
    case removed = 5
    /// The connection was lost and not regained.
    case connectionLost = 6
    /// Ctrl+C before joining, or for the second time.
    case interrupted = 130
}
