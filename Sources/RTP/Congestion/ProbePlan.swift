package import MediaCore

/// Tells one probe from another.
package struct ProbeID: Hashable, Sendable {
    /// Counts from one; 0 is no probe.
    let value: UInt8

    init?(_ value: UInt8) {
        guard value > 0 else { return nil }
        self.value = value
    }
}

/// A short burst that is to be sent, to learn whether the path carries `rate`.
package struct ProbePlan: Hashable, Sendable {
    /// Shorter bursts tell too little, with clocks and networks as they are.
    package static let span: Duration = .milliseconds(15)
    /// Packets needed for a measurement.
    package static let leastPackets = 5

    /// Which probe its packets belong to.
    package let id: ProbeID
    /// How fast they leave.
    package let rate: Bitrate

    /// Bytes the burst has at least.
    package var leastBytes: Int { rate.bytes(in: Self.span) }

    /// Size of its packets, so that a slow probe is not longer than a fast one.
    package var packetBytes: Int { max(leastBytes / Self.leastPackets, 1) }
}

/// What a probe has shown.
struct ProbeResult: Hashable, Sendable {
    /// What the path carries, at least; or just about, when it was full.
    var rate: Bitrate
    /// Whether the packets came more slowly than they left: they met the limit of the path.
    var isFull: Bool
}
