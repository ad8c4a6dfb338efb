import Synchronization

/// A bounded queue with a written overflow rule: when full, everything is dropped and `append` says so.
///
/// The writer then asks for a key frame and starts again from it: half a queue of frames that need what was
/// dropped is worth nothing to a decoder.
package final class FrameQueue<Frame: Sendable>: Sendable {
    private struct State {
        var frames: [Frame] = []
        var waiting: CheckedContinuation<Void, Never>?
        var isFinished = false
    }

    private let state = Mutex(State())
    private let limit: Int

    /// Makes an empty queue for at most `limit` frames.
    package init(limit: Int = 8) {
        self.limit = limit
    }

    /// Adds a frame; false when the queue was full: it is empty now, and the frame is not in it. Any thread.
    package func append(_ frame: Frame) -> Bool {
        let (fits, waiting) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            guard state.frames.count < limit else {
                state.frames.removeAll(keepingCapacity: true)
                return (false, nil)
            }
            state.frames.append(frame)
            return (true, state.waiting.take())
        }
        waiting?.resume()
        return fits
    }

    /// No more frames: `next()` returns `nil` when those inside are gone. Any thread.
    package func finish() {
        let waiting = state.withLock { state in
            state.isFinished = true
            return state.waiting.take()
        }
        waiting?.resume()
    }

    /// Takes the oldest frame if there is one. Any thread.
    package func takeIfPresent() -> Frame? {
        state.withLock { $0.frames.isEmpty ? nil : $0.frames.removeFirst() }
    }

    /// Waits for the oldest frame and takes it; `nil` after `finish()` or cancellation. One reader at a time.
    package func next() async -> Frame? {
        while !Task.isCancelled {
            let (frame, isFinished) = state.withLock { state in
                (state.frames.isEmpty ? nil : state.frames.removeFirst(), state.isFinished)
            }
            if let frame { return frame }
            if isFinished { return nil }
            await withTaskCancellationHandler {
                await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                    let resumesNow = state.withLock { state in
                        if !state.frames.isEmpty || state.isFinished || Task.isCancelled { return true }
                        state.waiting = continuation
                        return false
                    }
                    if resumesNow { continuation.resume() }
                }
            } onCancel: {
                state.withLock { $0.waiting.take() }?.resume()
            }
        }
        return nil
    }
}
