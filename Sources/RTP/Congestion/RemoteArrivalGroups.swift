import MediaCore

/// Gathers packets that left together and compares each group with the one before
/// (draft-ietf-rmcat-gcc-02 §5.2).
struct RemoteArrivalGroups: Sendable {
    /// How two groups that follow each other differ.
    struct Delta: Sendable, Hashable {
        /// Milliseconds from the departure of the first group to that of the second.
        var sent: Double
        /// Milliseconds from the arrival of the first group to that of the second.
        var arrived: Double
        /// When the second group had arrived.
        var arrival: MonotonicTime
    }

    private struct Group: Sendable {
        var firstSent: Int64
        var lastSent: Int64
        var firstArrival: MonotonicTime
        var lastArrival: MonotonicTime
    }

    /// Packets that left within this time are a group.
    private static let span = 5.0
    /// A burst that something on the path held back is one group, up to this length.
    private static let burstLimit = 100.0
    /// Departure and arrival that disagree by more are not about one clock.
    private static let jump = 3_000.0

    private var previous: Group?
    private var current: Group?

    /// Whether the clocks of departure and arrival parted since the last packet: nothing before it
    /// can be compared.
    func isJump(sent: Int64, at now: MonotonicTime) -> Bool {
        guard let current else { return false }
        let arrived = (now - current.lastArrival).inMilliseconds
        let left = AbsoluteSendTimeUnwrapper.milliseconds(from: current.lastSent, to: sent)
        return abs(arrived - left) > Self.jump
    }

    /// Takes a packet; it may complete a group.
    mutating func receive(sent: Int64, at now: MonotonicTime) -> Delta? {
        let next = Group(firstSent: sent, lastSent: sent, firstArrival: now, lastArrival: now)
        guard var group = current else {
            current = next
            return nil
        }
        // A packet that was overtaken says nothing about the queue.
        guard sent &- group.firstSent >= 0 else { return nil }
        if belongs(sent, at: now, to: group) {
            group.lastSent = max(group.lastSent, sent)
            group.lastArrival = now
            current = group
            return nil
        }
        let delta = previous.map { before in
            Delta(
                sent: AbsoluteSendTimeUnwrapper.milliseconds(from: before.lastSent, to: group.lastSent),
                arrived: (group.lastArrival - before.lastArrival).inMilliseconds,
                arrival: group.lastArrival)
        }
        previous = group
        current = next
        return delta
    }

    private func belongs(_ sent: Int64, at now: MonotonicTime, to group: Group) -> Bool {
        let age = AbsoluteSendTimeUnwrapper.milliseconds(from: group.firstSent, to: sent)
        if age <= Self.span { return true }
        let left = AbsoluteSendTimeUnwrapper.milliseconds(from: group.lastSent, to: sent)
        let arrived = (now - group.lastArrival).inMilliseconds
        return arrived < left && arrived <= Self.span
            && (now - group.firstArrival).inMilliseconds < Self.burstLimit
    }
}
