import Foundation

/// A program started by a test. Foundation's `Process` takes a daemon that closes its descriptors for ended
/// and then blocks its one watching thread, so this is `posix_spawn` itself.
struct ChildProcess {
    private let id: pid_t

    /// Starts a program found in `PATH`, with no input and no visible output; `nil` when that fails.
    init?(_ arguments: [String], environment: [String: String]? = nil) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in Int32(0)...2 {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        var words = arguments.map { strdup($0) } + [nil]
        let inherited = ProcessInfo.processInfo.environment
        var variables = (environment ?? inherited).map { strdup("\($0)=\($1)") } + [nil]
        defer {
            for word in words + variables { free(word) }
        }
        var id: pid_t = 0
        let status = posix_spawnp(&id, arguments.first ?? "", &actions, nil, &words, &variables)
        guard status == 0 else { return nil }
        self.id = id
    }

    /// Waits for its end; the exit status, or -1 when a signal ended it.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
    }

    /// Asks it to end and waits.
    func terminate() {
        Foundation.kill(id, SIGTERM)
        _ = wait()
    }

    /// Ends it without asking.
    func kill() {
        Foundation.kill(id, SIGKILL)
        _ = wait()
    }
}
