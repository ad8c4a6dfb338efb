import LiveKitProtocol
import MediaCore
import PeerConnection
import RTP

/// A track as it comes in, with everybody it goes to. Belongs to its room.
final class PublishedTrack {
    /// The track.
    let sid: TrackSID
    /// Who publishes it.
    let publisher: ParticipantSID
    /// The publisher's connection.
    let peer: PeerConnection
    /// The section it comes in.
    let mid: MediaID
    /// Sound or pictures.
    let kind: MediaKind
    /// Names of its simulcast layers, lowest first; empty without simulcast.
    let rids: [String]
    /// What each payload type of the section means.
    var codecs: [CodecDescription] = []
    /// Whether its publisher has muted it.
    var isMuted = false
    /// What is known about each layer's clock.
    var clocks: [LayerClock?]
    /// The source of each layer, once a packet has come.
    var sources: [SSRC?]
    /// Which layers are being sent.
    var liveness: LayerLiveness
    /// When the publisher is asked for a key picture.
    var requests: KeyframeRequests
    /// Where it goes.
    var downlinks: [Downlink] = []
    /// The payload type of the last packet and what it means, so that it is looked up once.
    private var lastCodec: (type: PayloadType, codec: CodecDescription)?

    /// Makes a track that nobody has subscribed to.
    init(
        _ sid: TrackSID, publisher: ParticipantSID, peer: PeerConnection, mid: MediaID, kind: MediaKind,
        rids: [String]
    ) {
        self.sid = sid
        self.publisher = publisher
        self.peer = peer
        self.mid = mid
        self.kind = kind
        self.rids = rids
        let count = max(1, rids.count)
        clocks = Array(repeating: nil, count: count)
        sources = Array(repeating: nil, count: count)
        liveness = LayerLiveness(count: count)
        requests = KeyframeRequests(count: count)
    }

    /// What a payload type of this track means.
    func codec(of type: PayloadType) -> CodecDescription? {
        if let lastCodec, lastCodec.type == type { return lastCodec.codec }
        guard let codec = codecs.first(where: { $0.payloadType == type }) else { return nil }
        lastCodec = (type, codec)
        return codec
    }

    /// The codec changed with a new exchange of descriptions.
    func negotiated(_ codecs: [CodecDescription]) {
        self.codecs = codecs
        lastCodec = nil
    }

    /// The layer a packet belongs to; `nil` for a layer nobody announced.
    func layer(of ssrc: SSRC, rid: ShortText?) -> Int? {
        guard rids.count > 1 else { return 0 }
        if let known = sources.firstIndex(of: ssrc) { return known }
        guard let rid else { return nil }
        return rids.firstIndex(of: rid.string)
    }

    /// A layer is sent from this source; a new one begins a new stream, which is answered with true.
    func noteSource(_ source: SSRC, of layer: Int) -> Bool {
        guard sources[layer] != source else { return false }
        if sources[layer] != nil {
            for downlink in downlinks { downlink.forwarder.sourceChanged(of: layer) }
        }
        sources[layer] = source
        clocks[layer] = nil
        return true
    }
}

/// The way of one track to one subscriber. Belongs to its room.
final class Downlink {
    /// The track.
    let track: TrackSID
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
