import MediaCore

/// Notices that feedback stays away although packets leave.
struct FeedbackWatch: Sendable {
    /// Feedback is late after three round trips and this; later for a room, which could only go over to another size:
    /// feedback gets lost in bursts too.
    private static let (margin, forwardingMargin): (Duration, Duration) = (
        .milliseconds(500), .milliseconds(1_200)
    )
    /// The first may take so long.
    private static let firstMargin: Duration = .seconds(2)

    /// Whether what is sent is not ours to choose.
    var isForwarding = false
    /// When the oldest packet left that no feedback has followed.
    private var unanswered: MonotonicTime?
    private var lastStep: MonotonicTime?
    private var hasAnswer = false
    /// How often in a row feedback was missed.
    private(set) var missedCount = 0

    /// A packet leaves.
    mutating func sent(at now: MonotonicTime) {
        if unanswered == nil { unanswered = now }
    }

    /// Takes a feedback; answers whether it had been missed.
    mutating func receive() -> Bool {
        let wasMissed = hasAnswer && missedCount > 0
        (unanswered, lastStep, hasAnswer, missedCount) = (nil, nil, true, 0)
        return wasMissed
    }

    /// When feedback is missed for the next time; only once by a receiver that has never given any.
    func deadline(roundTrip: Duration) -> MonotonicTime? {
        guard hasAnswer || missedCount == 0, let last = lastStep ?? unanswered else { return nil }
        let margin = isForwarding ? Self.forwardingMargin : Self.margin
        return last + roundTrip * 3 + (hasAnswer ? margin : Self.firstMargin)
    }

    /// Whether feedback is missed now; true once per step.
    mutating func isMissing(roundTrip: Duration, at now: MonotonicTime) -> Bool {
        guard let deadline = deadline(roundTrip: roundTrip), deadline <= now else { return false }
        lastStep = now
        missedCount += 1
        return true
    }
}
