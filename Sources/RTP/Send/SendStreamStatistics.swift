import MediaCore

/// What was counted about one sent stream.
package struct SendStreamStatistics: Sendable, Hashable {
    /// Packets sent, without repeats.
    package var packets = 0
    /// Bytes of payload in them.
    package var bytes: Int64 = 0
    /// Packets sent again.
    package var repeats = 0
    /// Packets that only filled the path.
    package var paddingPackets = 0
    /// Packets the receiver asked for.
    package var requests = 0
    /// Key frames the receiver asked for.
    package var keyframeRequests = 0
    /// Share of packets lost as the last report says.
    package var fractionLost = 0.0
    /// Packets lost as the last report says.
    package var remoteLost = 0
    /// Jitter as the last report says.
    package var remoteJitter: Duration = .zero
}
