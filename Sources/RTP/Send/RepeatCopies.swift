package import MediaCore

/// Repeats that follow once more, a little later, on a path that loses repeats too.
///
/// Where one packet in twenty is lost, so is one repeat in twenty, and what is missing then comes a whole round
/// trip later. A second copy of each repeat costs as much as the repeats do and leaves one in four hundred. It
/// keeps a distance, because losses come in bursts.
package struct RepeatCopies: Sendable {
    /// One packet that is to be repeated once more.
    package struct Item: Sendable, Hashable {
        /// Which stream of the owner.
        package var stream: Int
        /// Its sequence number.
        package var sequence: UInt16
        /// When it is to leave.
        var due: MonotonicTime
    }

    /// From this loss on, in percent, repeats are copied.
    package static let leastLoss = 2
    /// How far a copy keeps from the repeat: half of a round trip, within these limits.
    private static let distance: ClosedRange<Duration> = .milliseconds(20) ... .milliseconds(40)
    /// Copies that wait, at most.
    private static let capacity = 128

    /// In the order in which they are due.
    private var items: [Item] = []

    /// Makes a list without copies.
    package init() {}

    /// A packet was repeated at `now`: a copy follows.
    package mutating func append(
        stream: Int, sequence: UInt16, roundTrip: Duration, at now: MonotonicTime
    ) {
        guard items.count < Self.capacity else { return }
        let distance = min(max(roundTrip / 2, Self.distance.lowerBound), Self.distance.upperBound)
        let due = max(now + distance, items.last?.due ?? .zero)
        items.append(Item(stream: stream, sequence: sequence, due: due))
    }

    /// The next copy that is due at `now`.
    package mutating func next(at now: MonotonicTime) -> Item? {
        guard let first = items.first, first.due <= now else { return nil }
        return items.removeFirst()
    }

    /// When the next copy is due.
    package var nextDeadline: MonotonicTime? { items.first?.due }
}
