import MediaCore
import PeerConnection
import RTP

/// The way of one track to one subscriber. Belongs to its room.
final class Downlink {
    /// The track.
    let track: TrackSID
    /// Which of its codecs the subscriber gets, by its place in the record of the track.
    var codec = 0
    /// Who gets it.
    let subscriber: ParticipantSID
    /// The subscriber's connection.
    let peer: PeerConnection
    /// Names and sources of the outgoing stream.
    let media: LocalMedia
    /// The section that carries it; `nil` = none was free yet.
    var mid: MediaID?
    /// Whether the section has been negotiated, so that packets may flow.
    var isBound = false
    /// Picks and renumbers packets.
    var forwarder: Forwarder
    /// Whether the subscriber was told that the way down is too narrow for the track.
    var isPaused = false
    /// The subscriber's payload types.
    var codecs: [CodecDescription] = []
    /// The last translated payload type.
    private var lastType: (incoming: PayloadType, outgoing: PayloadType)?

    /// Makes a way without a section.
    init(
        _ track: TrackSID, to subscriber: ParticipantSID, on peer: PeerConnection, media: LocalMedia,
        forwarder: Forwarder
    ) {
        self.track = track
        self.subscriber = subscriber
        self.peer = peer
        self.media = media
        self.forwarder = forwarder
    }

    /// Where its packets come from.
    var source: TrackStream { TrackStream(track: track, codec: codec) }

    /// The section has been negotiated with these payload types.
    func bind(_ codecs: [CodecDescription]) {
        self.codecs = codecs
        lastType = nil
        isBound = !codecs.isEmpty
    }

    /// The section is not in force any more.
    func unbind() {
        isBound = false
    }

    /// What the subscriber calls this payload type; `nil` when it cannot take it.
    func payloadType(for codec: CodecDescription) -> PayloadType? {
        if let lastType, lastType.incoming == codec.payloadType { return lastType.outgoing }
        let match =
            codecs.first { $0.matches(codec) }
            ?? codecs.first { $0.isNamed(codec.name) && codec.codec == .h264 }
        guard let match else { return nil }
        lastType = (codec.payloadType, match.payloadType)
        return match.payloadType
    }
}
