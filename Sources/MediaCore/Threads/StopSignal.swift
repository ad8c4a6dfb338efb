import Synchronization

/// Says once that something is to end, to all tasks that wait for it.
package final class StopSignal: Sendable {
    private struct State {
        var isGiven = false
        var lastWaiter = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// Makes a signal that is not given yet.
    package init() {}

    /// Whether the signal has been given.
    package var isGiven: Bool { state.withLock { $0.isGiven } }

    /// Gives the signal. Any thread, any number of times.
    package func stop() {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            state.isGiven = true
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when the signal has been given or the task is cancelled.
    package func wait() async {
        let waiter = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let resumesNow = state.withLock { state in
                    if state.isGiven || Task.isCancelled { return true }
                    state.waiting[waiter] = continuation
                    return false
                }
                if resumesNow { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: waiter) }?.resume()
        }
    }

    /// Runs `body` until it ends by itself or the signal is given, which cancels it; waits for its end either way.
    package func run(
        on thread: PinnedThread?, _ body: @escaping @Sendable () async -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: thread) { await body() }
            group.addTask { await self.wait() }
            await group.next()
            group.cancelAll()
        }
    }
}
