import MediaCore

/// Collects packets into groups that were sent in a burst, and compares how far groups lie apart at
/// both ends (draft-ietf-rmcat-gcc-02 §5.2, §5.3).
struct ArrivalGroups: Sendable {
    /// How far the ends of two groups lie apart.
    struct Difference: Hashable, Sendable {
        /// When sent.
        var sent: Duration
        /// When received.
        var received: Duration
        /// When the later group was complete, on the receiver's clock.
        var arrival: MonotonicTime
    }

    /// Packets sent within this time belong together.
    static let burst: Duration = .milliseconds(5)
    /// A queue that empties at once after a pause of the path makes no group longer than this.
    private static let longestBurst: Duration = .milliseconds(100)
    /// After so much silence nothing can be compared.
    private static let longestPause: Duration = .seconds(2)
    /// So many groups in the wrong order mean that the other clock was set back.
    private static let wrongOrderLimit = 3

    private struct Group: Sendable {
        var firstSent: MonotonicTime
        var lastSent: MonotonicTime
        var firstArrival: MonotonicTime
        var lastArrival: MonotonicTime

        init(_ packet: PacketArrival) {
            (firstSent, lastSent) = (packet.sent, packet.sent)
            (firstArrival, lastArrival) = (packet.arrival, packet.arrival)
        }
    }

    /// What a packet led to.
    enum Outcome: Hashable, Sendable {
        /// Nothing to compare yet.
        case gathering
        /// A group is complete.
        case complete(Difference)
        /// What came before does not count any more.
        case restarted
    }

    private var previous: Group?
    private var current: Group?
    private var wrongOrderCount = 0

    /// Takes the next packet that came.
    mutating func receive(_ packet: PacketArrival) -> Outcome {
        guard var group = current else {
            current = Group(packet)
            return .gathering
        }
        // Overtaken by a later group: says nothing about the queue.
        let isOvertaken = packet.sent < group.firstSent
        guard !isOvertaken || group.firstSent - packet.sent > Self.longestPause else { return .gathering }
        // A pause, or the clock of either side was set.
        if isOvertaken || packet.sent - group.lastSent > Self.longestPause
            || abs((packet.arrival - group.lastArrival).inSeconds) > Self.longestPause.inSeconds * 2
        {
            return restart(with: packet)
        }
        guard !belongs(packet, to: group) else {
            group.lastSent = max(group.lastSent, packet.sent)
            group.lastArrival = max(group.lastArrival, packet.arrival)
            current = group
            return .gathering
        }
        return complete(group, by: packet)
    }

    private mutating func complete(_ group: Group, by packet: PacketArrival) -> Outcome {
        let earlier = previous
        (previous, current) = (group, Group(packet))
        guard let earlier else { return .gathering }
        let difference = Difference(
            sent: group.lastSent - earlier.lastSent, received: group.lastArrival - earlier.lastArrival,
            arrival: group.lastArrival)
        guard difference.received >= .zero else {
            wrongOrderCount += 1
            return wrongOrderCount < Self.wrongOrderLimit ? .gathering : restart(with: packet)
        }
        wrongOrderCount = 0
        return .complete(difference)
    }

    private mutating func restart(with packet: PacketArrival) -> Outcome {
        (previous, current, wrongOrderCount) = (nil, Group(packet), 0)
        return .restarted
    }

    private func belongs(_ packet: PacketArrival, to group: Group) -> Bool {
        if packet.sent - group.firstSent <= Self.burst || packet.sent == group.lastSent { return true }
        // Came as fast as the path delivers, though sent later: a burst that the path made (§5.2).
        let apart = packet.arrival - group.lastArrival
        return apart < packet.sent - group.lastSent && apart <= Self.burst
            && packet.arrival - group.firstArrival < Self.longestBurst
    }
}
