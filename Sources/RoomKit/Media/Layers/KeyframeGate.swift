internal import MediaCore

/// Answers requests for key frames of one layer, but not more often than is useful.
///
/// Several receivers ask for the same one, and each asks again while it is on its way. A request within 300 ms of the last
/// key frame is answered when that time is over. The very first request is answered at once: what was encoded before may
/// never have been sent.
struct KeyframeGate: Sendable {
    private static let pause = Duration.milliseconds(300)

    private var isWanted = false
    /// When the last key frame was made, once there has been a request.
    private var last: MonotonicTime?

    /// Somebody cannot go on without one.
    mutating func want() { isWanted = true }

    /// There will be none; answers whether somebody waits for one.
    mutating func forget() -> Bool {
        defer { isWanted = false }
        return isWanted
    }

    /// Whether the next picture is to be a key frame.
    func isDue(at now: MonotonicTime) -> Bool {
        guard isWanted else { return false }
        return last.map { now - $0 >= Self.pause } ?? true
    }

    /// A key frame was made, for whatever reason.
    mutating func made(at now: MonotonicTime) {
        if isWanted || last != nil { last = now }
        isWanted = false
    }
}
