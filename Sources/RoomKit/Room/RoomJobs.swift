internal import MediaCore

/// The tasks of one session, as children of one root: cancelling the root ends them all, and waits for them.
final class RoomJobs: Sendable {
    private struct Job: Sendable {
        let name: String
        let thread: PinnedThread?
        let body: @Sendable () async -> Void
    }

    private let jobs: AsyncStream<Job>
    private let continuation: AsyncStream<Job>.Continuation

    init() {
        // Unbounded: there are as many jobs as tracks, and none may be lost.
        (jobs, continuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// Starts a job, on a thread of its own if it blocks.
    func start(_ name: String, on thread: PinnedThread? = nil, _ body: @escaping @Sendable () async -> Void) {
        continuation.yield(Job(name: name, thread: thread, body: body))
    }

    /// Runs jobs until cancelled; returns when the last of them has ended.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs {
                group.addTask(name: job.name, executorPreference: job.thread) { await job.body() }
            }
            group.cancelAll()
        }
    }
}
