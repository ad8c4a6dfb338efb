import MediaCore

/// Whose picture it is: a track, or our own camera.
enum FrameSlot: Hashable, Sendable {
    /// Our own camera.
    case own
    /// A track of somebody else, by its sid.
    case remote(String)
}

/// The pictures that are to be shown now: of every track the newest whose time has come.
///
/// Pictures arrive when they are decoded, which is before they are due; a few of them wait here. Newest
/// wins: what is overtaken is dropped, and a track whose queue is full loses its oldest.
actor LatestFrames {
    /// One track's picture of the moment.
    struct Picture: Sendable {
        let frame: VideoFrame
        /// When it became the one to show.
        let shownSince: MonotonicTime
        /// How many pictures of this track have been shown.
        let number: Int
    }

    private struct Queue {
        /// Pictures and when they are due.
        var waiting: [(frame: VideoFrame, due: MonotonicTime)] = []
        var picture: Picture?
        /// When the newest picture arrived.
        var lastArrival: MonotonicTime
    }

    /// Half a second of video at 30 pictures per second.
    private static let limit = 15
    /// No picture waits longer, whatever its time says.
    private static let longestWait: Duration = .seconds(2)

    private var queues: [FrameSlot: Queue] = [:]

    /// Takes a picture that arrived at `now`.
    func receive(_ frame: VideoFrame, in slot: FrameSlot, at now: MonotonicTime) {
        var queue = queues[slot] ?? Queue(lastArrival: now)
        queue.waiting.append((frame, min(frame.presentAt ?? now, now + Self.longestWait)))
        if queue.waiting.count > Self.limit { queue.waiting.removeFirst() }
        queue.lastArrival = now
        queues[slot] = queue
    }

    /// Forgets a track that ended.
    func forget(_ slot: FrameSlot) { queues[slot] = nil }

    /// What to show at `now`; a track without a new picture for `limit` is left out.
    func snapshot(at now: MonotonicTime, freshWithin limit: Duration) -> [FrameSlot: Picture] {
        var pictures: [FrameSlot: Picture] = [:]
        for slot in Array(queues.keys) {
            advance(slot, to: now)
            guard let queue = queues[slot], let picture = queue.picture, now - queue.lastArrival < limit
            else { continue }
            pictures[slot] = picture
        }
        return pictures
    }

    private func advance(_ slot: FrameSlot, to now: MonotonicTime) {
        guard var queue = queues.removeValue(forKey: slot) else { return }
        if let due = queue.waiting.lastIndex(where: { $0.due <= now }) {
            queue.picture = Picture(
                frame: queue.waiting[due].frame, shownSince: now, number: (queue.picture?.number ?? 0) + 1)
            queue.waiting.removeFirst(due + 1)
        }
        queues[slot] = queue
    }
}
