package import RTP

/// What was negotiated about sending in one section.
package struct SendDescription: Hashable, Sendable {
    /// One stream of the section.
    package struct Encoding: Hashable, Sendable {
        /// Its source.
        package var ssrc: SSRC
        /// The source of its repeats, if they have their own.
        package var retransmissionSSRC: SSRC?
        /// The name of a simulcast layer.
        package var rid: String?

        /// Describes a stream.
        package init(ssrc: SSRC, retransmissionSSRC: SSRC? = nil, rid: String? = nil) {
            self.ssrc = ssrc
            self.retransmissionSSRC = retransmissionSSRC
            self.rid = rid
        }
    }

    /// Sound or pictures.
    package var kind: MediaKind
    /// Payload types that may be sent, with those of repeats.
    package var codecs: [CodecDescription]
    /// Ids of header extensions.
    package var extensions: HeaderExtensionMap
    /// Canonical name of the streams.
    package var cname: String
    /// The streams; several for simulcast.
    package var encodings: [Encoding]

    /// Describes what is sent.
    package init(
        kind: MediaKind, codecs: [CodecDescription], extensions: HeaderExtensionMap = HeaderExtensionMap(),
        cname: String, encodings: [Encoding]
    ) {
        self.kind = kind
        self.codecs = codecs
        self.extensions = extensions
        self.cname = cname
        self.encodings = encodings
    }
}
