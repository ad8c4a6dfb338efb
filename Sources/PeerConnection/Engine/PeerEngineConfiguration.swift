package import MediaCore
package import RTP

/// What a `PeerEngine` needs to know from outside.
package struct PeerEngineConfiguration: Sendable {
    /// Unix time, in nanoseconds, at the zero of the monotonic clock: for NTP times in reports.
    package var unixNanosecondsAtZero: Int64
    /// Seed of first sequence numbers and the like; random in life, fixed in tests.
    package var seed: UInt64
    /// Where packets to be sent come from.
    package var pool: PacketPool
    /// Who sends feedback while no stream of ours does.
    package var feedbackSource: SSRC
    /// What all pictures together are encoded at; the pacer follows it.
    package var videoBitrate: Bitrate
    /// First sequence number of every stream; `nil` = random (RFC 3550 §5.1).
    package var firstSequence: UInt16?

    /// Makes a configuration.
    package init(
        unixNanosecondsAtZero: Int64, seed: UInt64, pool: PacketPool = PacketPool(),
        feedbackSource: SSRC = SSRC(1), videoBitrate: Bitrate = .kilobits(2_500), firstSequence: UInt16? = nil
    ) {
        self.unixNanosecondsAtZero = unixNanosecondsAtZero
        self.seed = seed
        self.pool = pool
        self.feedbackSource = feedbackSource
        self.videoBitrate = videoBitrate
        self.firstSequence = firstSequence
    }
}
