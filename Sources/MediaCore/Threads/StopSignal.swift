/// Says once that something is to end, to one task that waits for it.
package final class StopSignal: Sendable {
    private let slot = LatestValue<Bool>()

    /// Makes a signal that is not given yet.
    package init() {}

    /// Gives the signal. Any thread, any number of times.
    package func stop() { slot.finish() }

    /// Returns when the signal has been given or the task is cancelled.
    package func wait() async { _ = await slot.next() }

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
