package import MediaCore

/// Decides when and how much padding goes to a receiver that estimates its path itself
/// (draft-alvestrand-rmcat-remb §2): it believes hardly more than what arrives, so that an estimate which once fell would
/// stay low for good.
///
/// While more is wanted than the receiver believes, half more than it believes is sent for a while: the estimate rises with
/// it, or falls, and then the path is full and the next try waits longer.
package struct PathFiller: Sendable {
    /// How much of the estimate is sent.
    private static let ambition = 1.5
    /// The estimate is good enough at this share of what is wanted.
    private static let enough = 0.95
    /// Time between two tries.
    private static let pauses: (shortest: Duration, longest: Duration) = (.seconds(3), .seconds(6))
    /// A try that moves nothing ends after this time; receivers tell risen estimates once a second.
    private static let patience: Duration = .milliseconds(2_500)
    /// How often padding leaves.
    private static let step: Duration = .milliseconds(10)
    /// What may be owed at most.
    private static let longestDebt: Duration = .milliseconds(50)
    /// Less than this is not worth a packet.
    private static let leastBytes = 250.0
    /// How far the estimate has to move to have risen or fallen.
    private static let (risen, fallen) = (1.01, 0.97)

    private struct Run: Sendable {
        /// When the estimate rose for the last time.
        var lastRise: MonotonicTime
        var lastUpdate: MonotonicTime
        /// Bytes to be sent, as padding unless something else leaves.
        var owed = 0.0
    }

    private var wanted: Bitrate?
    private var estimate: Bitrate?
    private var run: Run?
    private var pause = Self.pauses.shortest
    /// When the next try begins; `nil` before the first estimate.
    private var due: MonotonicTime?

    /// Makes one for a receiver that has told nothing.
    package init() {}

    /// Says what would be sent if the path carried it.
    package mutating func update(wanted: Bitrate) {
        self.wanted = wanted
    }

    /// The receiver has told its estimate.
    package mutating func receive(_ new: Bitrate, at now: MonotonicTime) {
        defer { estimate = new }
        guard let old = estimate else { return due = now + pause }
        if new > old * Self.risen {
            pause = Self.pauses.shortest
            run?.lastRise = now
        } else if new < old * Self.fallen {
            end(at: now)
        }
    }

    /// Something has left, whatever it is.
    package mutating func sent(_ byteCount: Int) {
        run?.owed -= Double(byteCount)
    }

    /// How many bytes are to leave now as padding; call again until there are none.
    package mutating func nextPadding(at now: MonotonicTime) -> Int? {
        guard let estimate, let goal, let due else { return nil }
        guard var run = run ?? (due <= now ? Run(lastRise: now, lastUpdate: now) : nil) else { return nil }
        guard now - run.lastRise < Self.patience else {
            end(at: now)
            return nil
        }
        let rate = min(estimate * Self.ambition, goal)
        let passed = max(0, (now - run.lastUpdate).inSeconds)
        run.owed += Double(rate.bitsPerSecond) / 8 * passed
        run.owed = min(run.owed, Double(rate.bytes(in: Self.longestDebt)))
        run.lastUpdate = max(now, run.lastUpdate)
        self.run = run
        return run.owed >= Self.leastBytes ? Int(run.owed) : nil
    }

    /// Gives up the present try.
    package mutating func end(at now: MonotonicTime) {
        if run != nil { pause = min(pause * 2, Self.pauses.longest) }
        run = nil
        due = now + pause
    }

    /// When `nextPadding(at:)` has something to say.
    package var nextDeadline: MonotonicTime? {
        guard goal != nil else { return nil }
        return run.map { $0.lastUpdate + Self.step } ?? due
    }

    /// What is wanted, as long as the receiver does not believe it.
    private var goal: Bitrate? {
        guard let wanted, let estimate, estimate < wanted * Self.enough else { return nil }
        return wanted
    }
}
