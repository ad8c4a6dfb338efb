package import MediaCore
package import RTP

/// What a connection's media did so far.
package struct PeerStatistics: Sendable {
    /// One received stream.
    package struct Incoming: Sendable {
        /// Its section.
        package var mid: MediaID
        /// Its source.
        package var ssrc: SSRC
        /// Its simulcast layer, if it has one.
        package var rid: String?
        /// Sound or pictures.
        package var kind: MediaKind
        /// What came, was lost and was repaired.
        package var stream: ReceiveStreamStatistics
        /// What became of pictures. Frame mode.
        package var video: VideoJitterStatistics?
        /// Key frames asked for.
        package var keyframeRequests: Int
        /// How long pictures are held back.
        package var targetDelay: Duration
    }

    /// One sent stream.
    package struct Outgoing: Sendable {
        /// Its section.
        package var mid: MediaID
        /// Its source.
        package var ssrc: SSRC
        /// Its simulcast layer, if it has one.
        package var rid: String?
        /// Sound or pictures.
        package var kind: MediaKind
        /// What was sent, repeated and reported.
        package var stream: SendStreamStatistics
    }

    /// Smoothed round-trip time; `nil` before the first report.
    package var roundTrip: Duration?
    /// Streams that come.
    package var incoming: [Incoming] = []
    /// Streams that go.
    package var outgoing: [Outgoing] = []
    /// Datagrams dropped, by reason.
    package var drops = PeerDrops()
    /// Packets that wait to be sent.
    package var pacedPackets = 0
    /// How long a packet that is added now waits.
    package var pacedTime: Duration = .zero
    /// What the path to the other side carries, as far as that is estimated here.
    package var sendEstimate: Bitrate?
    /// How long packets stand in the queue of that path, about.
    package var sendQueueDelay: Duration = .zero
    /// Probes of that path.
    package var probes = 0
}

/// Datagrams and frames that were dropped, by reason.
package struct PeerDrops: Sendable, Hashable {
    /// Neither RTP nor RTCP.
    package var notMedia = 0
    /// Came before there were keys, or did not decrypt.
    package var unprotected = 0
    /// Not a valid packet.
    package var malformed = 0
    /// Of a source that belongs to no section.
    package var unknownSource = 0
    /// Of a payload type that was not negotiated.
    package var unknownPayloadType = 0
    /// Frames to be sent while there were no keys, no section or no payload type for them.
    package var unsendableFrames = 0
    /// Frames to be sent while too many packets waited.
    package var congestedFrames = 0
    /// Packets of somebody else to be passed on while too much waited.
    package var congestedPackets = 0
    /// Packets that could not be written or encrypted.
    package var unsendablePackets = 0
}
