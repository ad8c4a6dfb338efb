import MediaCore

/// A packet of ours that the other side has received.
struct PacketArrival: Hashable, Sendable {
    /// When it was sent, on our clock.
    var sent: MonotonicTime
    /// When it came, on the receiver's clock.
    var arrival: MonotonicTime
    /// Its size.
    var byteCount: Int
    /// The probe it belonged to, if any.
    var probe: ProbeID?
}

/// What one feedback said about packets it named for the first time.
struct ArrivalCounts: Hashable, Sendable {
    /// Packets that came.
    var received = 0
    /// Packets that did not.
    var lost = 0
    /// Packets that came after all: an earlier feedback called them lost.
    var late = 0
}
