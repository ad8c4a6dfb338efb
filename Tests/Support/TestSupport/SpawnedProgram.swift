package import Foundation
import Synchronization

/// A program in a process and a folder of its own; what it says is kept in files.
///
/// `posix_spawn` itself: Foundation's `Process` stops noticing the end of its children once one of them was a
/// daemon that closes all its descriptors, such as PulseAudio.
package final class SpawnedProgram: Sendable {
    /// Its own folder, in which it runs; it goes with the program.
    package let folder: URL
    private let processIdentifier: pid_t
    private let ended = Mutex<Int32?>(nil)

    /// Starts a program found in `PATH`. It gets no input, and of the environment only `PATH`, a `HOME` of its own, and
    /// what is given. `files`, by their names, are in its folder.
    package init(
        _ arguments: [String], environment: [String: String] = [:], files: [String: String] = [:]
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "spawned-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        var variables = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path, "XDG_RUNTIME_DIR": folder.path,
            "LANG": "C.UTF-8",
        ]
        variables.merge(environment) { $1 }
        processIdentifier = try spawn(
            arguments, environment: variables, folder: folder.path,
            output: folder.appending(path: "stdout").path,
            error: folder.appending(path: "stderr").path)
    }

    /// What it has written to standard output.
    package var output: String { text(of: "stdout") }

    /// What it has written to standard error.
    package var errors: String { text(of: "stderr") }

    /// The names of the files in its memory, libraries among them; empty when it has ended.
    package var mappedFiles: Set<String> {
        // The size of this file is 0, so it is read to its end.
        let maps = FileHandle(forReadingAtPath: "/proc/\(processIdentifier)/maps")?.readDataToEndOfFile()
        let lines = String(decoding: maps ?? Data(), as: UTF8.self).split(separator: "\n")
        return Set(lines.map { String($0.split(separator: "/").last ?? "") })
    }

    private func text(of name: String) -> String {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }

    /// Whether it still runs.
    package var isRunning: Bool { exitStatus == nil }

    /// How it ended: its status, 128 + the signal, or `nil` while it runs.
    package var exitStatus: Int32? {
        ended.withLock { ended in
            if let ended { return ended }
            var status: Int32 = 0
            guard waitpid(processIdentifier, &status, WNOHANG) == processIdentifier else { return nil }
            let signal = status & 0x7F
            ended = signal == 0 ? status >> 8 & 0xFF : 128 + signal
            return ended
        }
    }

    /// Sends a signal, if it still runs.
    package func send(_ signal: Int32) {
        if isRunning { kill(processIdentifier, signal) }
    }

    /// Waits for its end; `nil` when it does not come in time.
    package func status(within limit: Duration) async -> Int32? {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if let status = exitStatus { return status }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return exitStatus
    }

    /// Ends it, by force if need be, and removes its folder.
    package func stop() async {
        send(SIGTERM)
        if await status(within: .seconds(3)) == nil {
            send(SIGKILL)
            _ = await status(within: .seconds(3))
        }
        try? FileManager.default.removeItem(at: folder)
    }

    deinit {
        if isRunning { kill(processIdentifier, SIGKILL) }
    }
}

extension SpawnedProgram {
    /// Runs `body` beside a program that is ended after it whatever happens.
    @discardableResult
    package static func run<Result>(
        _ arguments: [String], environment: [String: String] = [:], files: [String: String] = [:],
        _ body: (SpawnedProgram) async throws -> Result
    ) async throws -> Result {
        let program = try SpawnedProgram(arguments, environment: environment, files: files)
        do {
            let result = try await body(program)
            await program.stop()
            return result
        } catch {
            await program.stop()
            throw error
        }
    }
}

/// A program could not be started.
package struct SpawnError: Error {
    /// Its name.
    package let program: String
    /// Of `errno`.
    package let code: Int32
}

private func spawn(
    _ arguments: [String], environment: [String: String], folder: String, output: String, error: String
) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, error, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    // `env` sets the folder and then becomes the program, in the same process.
    var words = (["env", "-C", folder] + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer {
        for word in words + variables { free(word) }
    }
    var id: pid_t = 0
    let code = posix_spawnp(&id, "env", &actions, nil, &words, &variables)
    guard code == 0 else { throw SpawnError(program: arguments.first ?? "", code: code) }
    return id
}
