import LiveKitProtocol
import MediaCore
import PeerConnection
import RTP

/// A track as it comes in, in one codec, with everybody it goes to. Belongs to its room.
final class PublishedTrack {
    /// The track, and which of its codecs.
    let stream: TrackStream
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
    /// In which order the packets of each layer come.
    var orders: [ArrivalOrder]
    /// Which sizes come together; without simulcast.
    var sizes = SizeChain()
    /// Which layers are being sent.
    var liveness: LayerLiveness
    /// What each of its layers takes.
    var meter: LayerRateMeter
    /// When the publisher is asked for a key picture.
    var requests: KeyframeRequests
    /// Whether sharpness counts more than the rate of pictures.
    let isScreen: Bool
    /// Where it goes.
    var downlinks: [Downlink] = []
    /// The payload type of the last packet and what it means, so that it is looked up once.
    private var lastCodec: (type: PayloadType, codec: CodecDescription)?

    /// Makes a track that nobody has subscribed to.
    init(
        _ stream: TrackStream, publisher: ParticipantSID, peer: PeerConnection, mid: MediaID, kind: MediaKind,
        rids: [String], isScreen: Bool = false
    ) {
        self.stream = stream
        self.publisher = publisher
        self.peer = peer
        self.mid = mid
        self.kind = kind
        self.rids = rids
        self.isScreen = isScreen
        let count = max(1, rids.count)
        let isOneStream = rids.count < 2
        clocks = Array(repeating: nil, count: count)
        sources = Array(repeating: nil, count: count)
        orders = Array(repeating: ArrivalOrder(), count: count)
        // One stream of pictures may have several sizes inside.
        liveness = LayerLiveness(count: isOneStream && kind == .video ? TrackLayer.spatialCount : count)
        meter = LayerRateMeter(isOneStream: isOneStream)
        requests = KeyframeRequests(count: count)
    }

    /// The track.
    var sid: TrackSID { stream.track }

    /// Whether there is no simulcast: all layers are in one stream.
    var isOneStream: Bool { rids.count < 2 }

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

    /// The stream a packet belongs to; `nil` for one nobody announced.
    func stream(of ssrc: SSRC, rid: ShortText?) -> Int? {
        guard rids.count > 1 else { return 0 }
        if let known = sources.firstIndex(of: ssrc) { return known }
        guard let rid else { return nil }
        return rids.firstIndex(of: rid.string)
    }

    /// A stream comes from this source; a new one begins it anew, which is answered with true.
    func noteSource(_ source: SSRC, of stream: Int) -> Bool {
        guard sources[stream] != source else { return false }
        if sources[stream] != nil {
            for downlink in downlinks { downlink.forwarder.sourceChanged(of: stream) }
        }
        sources[stream] = source
        clocks[stream] = nil
        orders[stream] = ArrivalOrder()
        sizes = SizeChain()
        return true
    }
}
