import MediaCore

/// Decides how long to wait with a step up after a step down.
///
/// A step up that has to be taken back soon doubles the wait; one that lasts makes it short again.
struct ClimbPolicy: Sendable {
    /// The wait after a step down now.
    private(set) var pause = shortest
    private var lastStepDown: MonotonicTime?
    private var lastStepUp: MonotonicTime?

    /// The wait as long as steps up last.
    static let shortest = Duration.seconds(1)
    /// The wait when none does.
    static let longest = Duration.seconds(16)
    /// A step up that is taken back within this time was a mistake.
    private static let trial = Duration.seconds(5)

    /// Makes a policy without a past.
    init() {}

    /// Something had to be taken away.
    mutating func noteStepDown(at now: MonotonicTime) {
        defer { lastStepDown = now }
        guard let up = lastStepUp else { return }
        pause = now - up < Self.trial ? min(pause * 2, Self.longest) : Self.shortest
        lastStepUp = nil
    }

    /// Something was granted.
    mutating func noteStepUp(at now: MonotonicTime) {
        lastStepUp = now
    }

    /// Whether a step up may be tried.
    func isAllowed(at now: MonotonicTime) -> Bool {
        lastStepDown.map { now - $0 >= pause } ?? true
    }
}
