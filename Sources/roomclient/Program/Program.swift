import ArgumentParser
import Foundation
import Glibc
import Logging

/// Where the process starts.
///
/// The main thread belongs to the window: `main` is synchronous, starts the root task with its isolation
/// written out, and gives the thread to the run loop until there is a status.
@main
enum Program {
    /// The result of the root task.
    @MainActor
    private final class Outcome {
        var status: ExitStatus?
    }

    @MainActor
    static func main() {
        let signals = SignalWatch()
        let command = parseArguments()
        let outcome = Outcome()
        Task(name: "root") { @MainActor in outcome.status = await run(command, signals) }
        while outcome.status == nil { _ = RunLoop.main.run(mode: .default, before: .distantFuture) }
        // Not `exit`: the window system's destructors must not race with threads that still run.
        _exit((outcome.status ?? .internalError).rawValue)
    }

    /// Ends the process with help on standard output, or with what is wrong on standard error.
    private static func parseArguments() -> any ParsableCommand {
        do {
            return try RoomclientCommand.parseAsRoot()
        } catch {
            let isHelp = RoomclientCommand.exitCode(for: error) == .success
            (isHelp ? StandardStream.output : .error).write(RoomclientCommand.fullMessage(for: error) + "\n")
            _exit((isHelp ? ExitStatus.success : .usage).rawValue)
        }
    }

    @MainActor
    private static func run(_ command: any ParsableCommand, _ signals: SignalWatch) async -> ExitStatus {
        do {
            if let command = command as? any ProgramCommand {
                return try await command.perform(signals)
            }
            var command = command
            try command.run()
            return .success
        } catch let error as ProgramError {
            let line = StandardErrorLog.line(level: .error, message: error.message, metadata: [:], at: Date())
            StandardStream.error.write(line)
            return error.status
        } catch {
            let isHelp = RoomclientCommand.exitCode(for: error) == .success
            (isHelp ? StandardStream.output : .error).write(RoomclientCommand.fullMessage(for: error) + "\n")
            return isHelp ? .success : .internalError
        }
    }
}
