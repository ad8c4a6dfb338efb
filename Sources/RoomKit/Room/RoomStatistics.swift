/// What a session has done so far: totals since joining; rates are for the reader to derive.
public struct RoomStatistics: Sendable {
    /// Where the room stands.
    public var state: ConnectionState
    /// Round trip to the server, if it has been measured.
    public var roundTripTime: Duration?
    /// Own tracks; one that is sent in a backup codec too is there twice, that of its options first.
    public var sending: [TrackSendStatistics]
    /// Tracks of others.
    public var receiving: [TrackReceiveStatistics]
}

/// Totals of a track of ours in one codec.
public struct TrackSendStatistics: Sendable {
    /// Id of the publication.
    public var sid: TrackSid
    /// What it shows or plays.
    public var source: TrackSource
    /// Heard or seen.
    public var kind: TrackKind
    /// Codec, lower case: `vp8`, `opus`.
    public var codec: String
    /// Whether it is switched off for now.
    public var isMuted: Bool
    /// Encoded bytes.
    public var bytes: Int
    /// The bitrate the encoder aims at, in bits per second.
    public var targetBitrate: Int
    /// Size of the encoded picture; 0 for sound.
    public var width: Int
    /// Size of the encoded picture; 0 for sound.
    public var height: Int
    /// Encoded pictures (one, however many sizes it was sent in), or packets of sound.
    public var frames: Int
    /// The sizes of a track of pictures, the lowest first; empty for sound.
    public var layers: [LayerSendStatistics]
    /// What holds the quality down.
    public var limitation: QualityLimitation
    /// Time spent encoding, in microseconds.
    public var encodeMicroseconds: Int
    /// Packets sent again.
    public var retransmissions: Int
    /// Packets the other side asked for again.
    public var nacks: Int
    /// Key frames the other side asked for.
    public var plis: Int
    /// Loudness of what is captured in -dBov, 127 = silence; `nil` for pictures.
    public var audioLevel: Int?
}

/// Totals of one size of a track of ours.
public struct LayerSendStatistics: Sendable {
    /// Its name in the packets; empty when there is only one.
    public var rid: String
    /// Width of the last picture.
    public var width: Int
    /// Height of the last picture.
    public var height: Int
    /// Encoded pictures.
    public var frames: Int
    /// Encoded bytes.
    public var bytes: Int
    /// Whether it is being sent: somebody watches it, and path and machine suffice.
    public var isActive: Bool
}

/// What holds the quality of a track of pictures down.
public enum QualityLimitation: String, Sendable, Hashable {
    case none, bandwidth, cpu
}

/// Totals of a track of somebody else.
public struct TrackReceiveStatistics: Sendable {
    /// Who publishes it.
    public var participant: ParticipantIdentity
    /// Id of the publication.
    public var sid: TrackSid
    /// What it shows or plays.
    public var source: TrackSource
    /// Heard or seen.
    public var kind: TrackKind
    /// Codec, lower case: `vp8`, `opus`; empty before the first frame.
    public var codec: String
    /// Size of the last picture; 0 for sound.
    public var width: Int
    /// Size of the last picture; 0 for sound.
    public var height: Int
    /// Pictures decoded.
    public var frames: Int
    /// Bytes of media received.
    public var bytes: Int
    /// Packets received.
    public var packets: Int
    /// Packets that never came (RFC 3550 §6.4.1).
    public var lost: Int
    /// Packets or sounds got back by retransmission or error correction.
    public var recovered: Int
    /// Sound made up for what was missing, in milliseconds.
    public var concealedMilliseconds: Int
    /// Time the picture stood still, in milliseconds.
    public var frozenMilliseconds: Int
    /// How often it stood still.
    public var freezes: Int
    /// Variation of packet arrival, in milliseconds (RFC 3550 §6.4.1).
    public var jitterMilliseconds: Double
    /// How long media wait in the jitter buffer, in milliseconds.
    public var delayMilliseconds: Int
    /// Time spent decoding, in microseconds.
    public var decodeMicroseconds: Int
    /// Loudness of what is played in -dBov, 127 = silence; `nil` for pictures.
    public var audioLevel: Int?
}
