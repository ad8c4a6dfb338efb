extension MediaDescription {
    /// Sets the payload types and the formats of the `m=` line.
    mutating func setCodecs(_ codecs: [CodecDescription]) {
        self.codecs = codecs
        formats = codecs.map { "\($0.payloadType)" }
    }

    /// Writes what this side sends: names, and either its sources or its named layers (RFC 8853 §5.2).
    mutating func describe(_ sending: LocalMedia, layers: [String]) {
        let stream = MediaStreamID(stream: sending.streamID, track: sending.trackID)
        streams = [stream]
        guard layers.isEmpty else {
            rids = layers.map { RestrictionID($0, isSent: true) }
            simulcastSend = layers
            return
        }
        let repair = codecs.contains { $0.isNamed("rtx") } ? sending.rtxSSRC : nil
        let members = [sending.ssrc] + (repair.map { [$0] } ?? [])
        if members.count == 2 { sourceGroups = [SourceGroup("FID", members)] }
        sources = members.map { SourceDescription($0, cname: sending.cname, stream: stream) }
    }

    /// Turns the section into one that is rejected but keeps its place (RFC 8829 §5.3.1).
    mutating func reject(mid: MediaID) {
        let formats = formats
        self = MediaDescription(media: media, transport: transport)
        self.formats = formats
        self.mid = mid.value
        port = 0
        direction = .inactive
    }
}

extension SessionDescription {
    /// Puts all sections in `mids` on one transport; candidates stand in the first of them only.
    mutating func share(_ transport: TransportParameters, among mids: [String]) {
        bundle = mids
        for index in media.indices where mids.contains(media[index].mid) {
            media[index].parameters = transport
            guard media[index].mid != mids.first else { continue }
            media[index].parameters.candidates = []
            media[index].parameters.hasAllCandidates = false
        }
    }

    /// Whether an answer has the sections of its offer, in order (RFC 3264 §6).
    func hasSameSections(as offer: SessionDescription) -> Bool {
        guard media.count == offer.media.count else { return false }
        return zip(media, offer.media).allSatisfy { answered, offered in
            answered.media == offered.media && (answered.mid.isEmpty || answered.mid == offered.mid)
        }
    }
}
