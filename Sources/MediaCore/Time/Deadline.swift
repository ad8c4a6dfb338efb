/// When a machine wants to be called again, and why: a log line can say who woke us.
package struct Deadline: Hashable, Sendable {
    /// What the machine will do when the time has come.
    package enum Reason: String, Hashable, Sendable {
        case pacing, nack, report, feedback, jitter, keyframe, dtls, sctp, ice, probe, retry
        case join, ping, silence
    }

    /// The time at which `advance(to:)` has something to do.
    package var time: MonotonicTime
    /// What it has to do then.
    package var reason: Reason

    /// Makes a deadline.
    package init(_ time: MonotonicTime, _ reason: Reason) {
        self.time = time
        self.reason = reason
    }

    /// The earlier of two deadlines; `nil` means "never".
    package static func earliest(_ first: Deadline?, _ second: Deadline?) -> Deadline? {
        guard let first else { return second }
        guard let second else { return first }
        return second.time < first.time ? second : first
    }
}
