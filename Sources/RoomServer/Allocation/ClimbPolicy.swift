import MediaCore

/// Decides how long to wait with a step up after a step down.
///
/// A step up that has to be taken back soon doubles the wait; one that lasts makes it short again. The wait is about the
/// way down as it was: if it proves to carry more than what did not fit, it is over.
struct ClimbPolicy: Sendable {
    /// The wait after a step down now.
    private(set) var pause = shortest
    private var lastStepDown: MonotonicTime?
    private var lastStepUp: MonotonicTime?
    /// What was sent when something had to be taken away.
    private var tooMuch = Bitrate.zero

    /// The wait as long as steps up last.
    static let shortest = Duration.seconds(1)
    /// The wait when none does.
    static let longest = Duration.seconds(16)
    /// A step up that is taken back within this time was a mistake.
    private static let trial = Duration.seconds(5)
    /// A way that carries so many times what did not fit is another one.
    private static let proof = 1.2

    /// Makes a policy without a past.
    init() {}

    /// Something had to be taken away, because `rate` was too much.
    mutating func noteStepDown(from rate: Bitrate, at now: MonotonicTime) {
        tooMuch = rate
        defer { lastStepDown = now }
        guard let up = lastStepUp else { return }
        pause = now - up < Self.trial ? min(pause * 2, Self.longest) : Self.shortest
        lastStepUp = nil
    }

    /// Something was granted.
    mutating func noteStepUp(at now: MonotonicTime) {
        lastStepUp = now
    }

    /// Whether a step up may be tried on a way that carries `capacity`.
    func isAllowed(_ capacity: Bitrate, at now: MonotonicTime) -> Bool {
        guard let lastStepDown else { return true }
        return now - lastStepDown >= pause
            || now - lastStepDown >= Self.shortest && capacity > tooMuch * Self.proof
    }
}
