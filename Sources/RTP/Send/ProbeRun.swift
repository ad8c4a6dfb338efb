import MediaCore

/// A probe that is being sent: says when its next packet leaves.
struct ProbeRun: Sendable {
    /// What is to be sent.
    let plan: ProbePlan
    /// When its first packet left.
    private var begin: MonotonicTime?
    private var byteCount = 0
    private var count = 0

    init(_ plan: ProbePlan) {
        self.plan = plan
    }

    /// A packet of the probe has left.
    mutating func sent(_ byteCount: Int, at now: MonotonicTime) {
        begin = begin ?? now
        self.byteCount += byteCount
        count += 1
    }

    /// Whether enough has left.
    var isComplete: Bool {
        count >= ProbePlan.leastPackets && byteCount >= plan.leastBytes
    }

    /// When the next packet leaves; `nil` = at once.
    var nextDeparture: MonotonicTime? {
        begin.map { $0 + plan.rate.time(for: byteCount) }
    }
}
