/// Why the program cannot go on: one sentence for people and a status for scripts.
struct ProgramError: Error, Hashable, CustomStringConvertible {
    /// How the process ends.
    let status: ExitStatus
    /// What happened and what to try.
    let message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// Wrong options or settings.
    static func usage(_ message: String) -> ProgramError { ProgramError(.usage, message) }

    var description: String { message }
}
