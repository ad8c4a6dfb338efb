import LiveKitProtocol
import MediaCore

/// Decides when the publisher of one track is told which qualities somebody watches (dynacast).
///
/// More is told at once: somebody waits for it. Less is told when it has lasted, because starting an encoder again costs
/// a key picture. Clients send everything until they are told otherwise.
struct QualityDemand: Sendable {
    /// The best quality that is watched; those below it are watched as well.
    enum Level: Int, Comparable, Sendable {
        case none, low, medium, high

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// What the publisher was told last.
    private(set) var told: Level
    /// What it is to be told, and when.
    private var pending: (level: Level, time: MonotonicTime)?
    /// Subscribers need some time to come.
    private let earliest: MonotonicTime

    /// How long less must be wanted.
    static let patience = Duration.seconds(5)
    /// How long a new track is left alone.
    static let grace = Duration.seconds(10)

    /// Makes the demand of a codec that is published now, or that will be when somebody needs it.
    init(told: Level = .high, at now: MonotonicTime) {
        self.told = told
        earliest = now + Self.grace
    }

    /// This is what subscribers want now.
    mutating func want(_ level: Level, at now: MonotonicTime) {
        if level == told {
            pending = nil
        } else if level > told {
            pending = (level, now)
        } else {
            pending = (level, pending?.time ?? max(now + Self.patience, earliest))
        }
    }

    /// What the publisher is to be told now, if anything.
    mutating func nextChange(at now: MonotonicTime) -> Level? {
        guard let pending, pending.time <= now else { return nil }
        self.pending = nil
        told = pending.level
        return told
    }

    /// When `nextChange(at:)` has something to say.
    var nextDeadline: Deadline? {
        pending.map { Deadline($0.time, .report) }
    }
}
