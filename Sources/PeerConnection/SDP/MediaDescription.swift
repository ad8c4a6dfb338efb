package import RTP

/// One `m=` section of a session description, as values.
package struct MediaDescription: Hashable, Sendable {
    /// The `m=` media word as written; `kind` is what it means.
    package var media: String
    /// Zero rejects or stops the section (RFC 8829 §5.2.1).
    package var port: UInt16 = 9
    /// The transport protocol of the `m=` line.
    package var transport: String
    /// The formats of the `m=` line as written: payload types, or `webrtc-datachannel`.
    package var formats: [String] = []
    /// The identification of the section (RFC 8843); empty when the line is missing.
    package var mid = ""
    /// Who sends; `sendrecv` when nothing is written (RFC 8866 §6.7).
    package var direction = MediaDirection.sendrecv
    /// Payload types in the order of the `m=` line, the most preferred first.
    package var codecs: [CodecDescription] = []
    /// Header extensions (RFC 8285 §5).
    package var extensions: [ExtensionDescription] = []
    /// Stream and track of the sender, in the order written (RFC 8830).
    package var streams: [MediaStreamID] = []
    /// Restriction identifiers with their direction (RFC 8851), in the order written.
    package var rids: [RestrictionID] = []
    /// Simulcast streams the writer sends; alternatives are flattened (RFC 8853).
    package var simulcastSend: [String] = []
    /// Simulcast streams the writer receives.
    package var simulcastReceive: [String] = []
    /// Sources the writer sends with (RFC 5576), in the order of first mention.
    package var sources: [SourceDescription] = []
    /// Groups of sources, such as `FID` for a stream and its retransmissions.
    package var sourceGroups: [SourceGroup] = []
    /// How this side is reached and secured; parts that are missing stand at session level.
    package var parameters = TransportParameters()
    /// RTP and RTCP share one port (RFC 5761).
    package var multiplexesRTCP = false
    /// RTCP packets need not be compound (RFC 5506).
    package var reducesRTCP = false
    /// The section exists only inside its bundle (RFC 8843 §6).
    package var isBundleOnly = false
    /// SCTP port of a data section (RFC 8841 §5).
    package var sctpPort: UInt16?
    /// Largest message the writer accepts, in bytes (RFC 8841 §6).
    package var maximumMessageSize: Int?

    /// Makes an empty section; `media` is `audio`, `video` or `application`.
    package init(media: String, transport: String) {
        self.media = media
        self.transport = transport
    }

    /// What the section carries; `nil` for media this library does not know.
    package var kind: MediaKind? { MediaKind(rawValue: media) }

    /// Whether the writer takes part in the section at all.
    package var isRejected: Bool { port == 0 && !isBundleOnly }

    /// The entry that repairs `payloadType`.
    package func retransmission(of payloadType: PayloadType) -> CodecDescription? {
        codecs.first { $0.repairedPayloadType == payloadType }
    }

    /// The retransmission source that belongs to `source`, by its `FID` group (RFC 5576 §4.2).
    package func retransmissionSource(of source: SSRC) -> SSRC? {
        sourceGroups.first { $0.semantics == "FID" && $0.sources.first == source && $0.sources.count == 2 }?
            .sources.last
    }
}

/// One `a=extmap` line.
package struct ExtensionDescription: Hashable, Sendable {
    /// The number in the packets, 1 to 255.
    package var id: UInt8
    /// What the extension means.
    package var uri: String

    /// Describes an extension.
    package init(id: UInt8, uri: String) {
        self.id = id
        self.uri = uri
    }
}

/// The two tokens of `a=msid`.
package struct MediaStreamID: Hashable, Sendable {
    /// The stream the track belongs to; `-` says none.
    package var stream: String
    /// The track; empty when it is not written.
    package var track: String

    /// Names a track in a stream.
    package init(stream: String, track: String) {
        self.stream = stream
        self.track = track
    }
}

/// One `a=rid` line.
package struct RestrictionID: Hashable, Sendable {
    /// The name, such as `f`.
    package var id: String
    /// Whether the writer sends it, and not receives.
    package var isSent: Bool

    /// Describes a restriction identifier.
    package init(_ id: String, isSent: Bool) {
        self.id = id
        self.isSent = isSent
    }
}

/// What is said about one source of the writer.
package struct SourceDescription: Hashable, Sendable {
    /// The source.
    package var ssrc: SSRC
    /// Its canonical name (RFC 3550 §6.5.1).
    package var cname: String?
    /// Its stream and track, in the older form of `a=msid`.
    package var stream: MediaStreamID?

    /// Describes a source.
    package init(_ ssrc: SSRC, cname: String? = nil, stream: MediaStreamID? = nil) {
        self.ssrc = ssrc
        self.cname = cname
        self.stream = stream
    }
}

/// One `a=ssrc-group` line.
package struct SourceGroup: Hashable, Sendable {
    /// `FID`, `SIM`, ...
    package var semantics: String
    /// The members, in order.
    package var sources: [SSRC]

    /// Describes a group.
    package init(_ semantics: String, _ sources: [SSRC]) {
        self.semantics = semantics
        self.sources = sources
    }
}
