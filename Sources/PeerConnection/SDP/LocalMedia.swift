package import RTP

/// What this side sends in one section: names for people, sources for packets.
package struct LocalMedia: Hashable, Sendable {
    /// The stream, the first token of `a=msid`.
    package var streamID: String
    /// The track, the second token.
    package var trackID: String
    /// Canonical name of the sources (RFC 3550 §6.5.1).
    package var cname: String
    /// The source of a stream without layers.
    package var ssrc: SSRC
    /// The source of its retransmissions (RFC 4588).
    package var rtxSSRC: SSRC?
    /// Whether packets of sound may carry copies of those before them (RFC 2198).
    package var isRedundant = false
    /// Simulcast layers, each a stream of its own with a name; empty for one stream.
    package var layers: [SendingLayer]

    /// Describes what is sent.
    package init(
        streamID: String, trackID: String, cname: String, ssrc: SSRC, rtxSSRC: SSRC?,
        layers: [SendingLayer] = []
    ) {
        self.streamID = streamID
        self.trackID = trackID
        self.cname = cname
        self.ssrc = ssrc
        self.rtxSSRC = rtxSSRC
        self.layers = layers
    }

    /// Describes a track with random sources; `rids` names simulcast layers.
    package static func make(
        streamID: String, trackID: String, cname: String, rids: [String] = []
    ) -> LocalMedia {
        let layers = rids.map { SendingLayer(rid: $0, ssrc: randomSource(), rtxSSRC: randomSource()) }
        return LocalMedia(
            streamID: streamID, trackID: trackID, cname: cname, ssrc: layers.first?.ssrc ?? randomSource(),
            rtxSSRC: layers.isEmpty ? randomSource() : layers.first?.rtxSSRC, layers: layers)
    }

    private static func randomSource() -> SSRC {
        SSRC(UInt32.random(in: 1...UInt32.max))
    }
}

/// One simulcast layer that this side sends.
package struct SendingLayer: Hashable, Sendable {
    /// Its name in `a=rid` and in its packets.
    package var rid: String
    /// The source of its packets; not written in the description, the name stands in the packets.
    package var ssrc: SSRC
    /// The source of its retransmissions.
    package var rtxSSRC: SSRC?

    /// Describes a layer.
    package init(rid: String, ssrc: SSRC, rtxSSRC: SSRC?) {
        self.rid = rid
        self.ssrc = ssrc
        self.rtxSSRC = rtxSSRC
    }
}
