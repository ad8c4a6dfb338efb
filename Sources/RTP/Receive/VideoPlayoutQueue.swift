import MediaCore

/// Pictures that could be decoded but are not due yet, in the order of decoding.
///
/// They wait here, encoded, and not behind the decoder, where each would take a megabyte.
struct VideoPlayoutQueue: Sendable {
    /// Pictures that wait, at most; the oldest leaves early when there are more.
    private static let limit = 60

    private var frames: [EncodedFrame] = []

    /// Adds a picture that is due at its `presentAt`, or when the one before it is if that is later.
    mutating func append(_ frame: EncodedFrame) {
        var frame = frame
        if let last = frames.last?.presentAt { frame.presentAt = max(frame.presentAt ?? last, last) }
        frames.append(frame)
    }

    /// The next picture that is due at `now`.
    mutating func next(at now: MonotonicTime) -> EncodedFrame? {
        guard let first = frames.first else { return nil }
        guard frames.count > Self.limit || (first.presentAt ?? now) <= now else { return nil }
        return frames.removeFirst()
    }

    /// Drops what a decoder that failed cannot use: everything before a key frame. True when there is
    /// one.
    mutating func dropToKeyframe() -> Bool {
        let keyframe = frames.firstIndex { $0.isKeyframe }
        frames.removeFirst(keyframe ?? frames.count)
        return keyframe != nil
    }

    /// When the next picture is due.
    var nextDeadline: MonotonicTime? { frames.first?.presentAt }
}
