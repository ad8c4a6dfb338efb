import Synchronization

/// A slot in which the newest value wins: camera to encoder.
///
/// A slow reader misses values and never delays the writer.
package final class LatestValue<Value: Sendable>: Sendable {
    private struct Slot {
        var value: Value?
        var waiting: CheckedContinuation<Void, Never>?
        var isFinished = false
    }

    private let slot = Mutex(Slot())

    /// Makes an empty slot.
    package init() {}

    /// Replaces the value, and wakes the reader. Any thread.
    package func store(_ value: Value) {
        let waiting = slot.withLock { slot in
            slot.value = value
            return slot.waiting.take()
        }
        waiting?.resume()
    }

    /// Takes the value if there is one. Any thread.
    package func takeIfPresent() -> Value? {
        slot.withLock { $0.value.take() }
    }

    /// No more values: `next()` returns `nil` from now on. Any thread.
    package func finish() {
        let waiting = slot.withLock { slot in
            slot.isFinished = true
            return slot.waiting.take()
        }
        waiting?.resume()
    }

    /// Waits for a value and takes it; `nil` after `finish()` or cancellation. One reader at a time.
    package func next() async -> Value? {
        while !Task.isCancelled {
            let (value, isFinished) = slot.withLock { ($0.value.take(), $0.isFinished) }
            if let value { return value }
            if isFinished { return nil }
            await withTaskCancellationHandler {
                await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                    let resumesNow = slot.withLock { slot in
                        if slot.value != nil || slot.isFinished || Task.isCancelled { return true }
                        slot.waiting = continuation
                        return false
                    }
                    if resumesNow { continuation.resume() }
                }
            } onCancel: {
                slot.withLock { $0.waiting.take() }?.resume()
            }
        }
        return nil
    }
}

extension LatestValue {
    /// Waits at most `limit` for a value and takes it; `nil` after that, after `finish()` or cancellation.
    package func next(within limit: Duration) async -> Value? {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await self.next() }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
