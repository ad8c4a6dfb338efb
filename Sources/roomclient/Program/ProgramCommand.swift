import ArgumentParser

/// A command that runs as the root task of the process.
protocol ProgramCommand: ParsableCommand {
    /// Does the work; the status is that of the process. Throws `ProgramError` when it cannot.
    @MainActor func perform(_ signals: SignalWatch) async throws -> ExitStatus
}
