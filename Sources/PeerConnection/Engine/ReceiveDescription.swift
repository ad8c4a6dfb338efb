package import RTP

/// What was negotiated about receiving in one section.
package struct ReceiveDescription: Hashable, Sendable {
    /// A source the other side named.
    package struct Source: Hashable, Sendable {
        /// The stream.
        package var ssrc: SSRC
        /// Its repeats, if they have their own source.
        package var retransmissionSSRC: SSRC?

        /// Describes a source.
        package init(ssrc: SSRC, retransmissionSSRC: SSRC? = nil) {
            self.ssrc = ssrc
            self.retransmissionSSRC = retransmissionSSRC
        }
    }

    /// Sound or pictures.
    package var kind: MediaKind
    /// Payload types that may come, with those of repeats and redundancy.
    package var codecs: [CodecDescription]
    /// Ids of header extensions; the same id means the same in all sections of a connection.
    package var extensions: HeaderExtensionMap
    /// Sources the other side named; packets of others are assigned by their header extensions.
    package var sources: [Source]
    /// Whether pictures and sound come out, or packets.
    package var mode: MediaMode

    /// Describes what is received.
    package init(
        kind: MediaKind, codecs: [CodecDescription], extensions: HeaderExtensionMap = HeaderExtensionMap(),
        sources: [Source] = [], mode: MediaMode = .frames
    ) {
        self.kind = kind
        self.codecs = codecs
        self.extensions = extensions
        self.sources = sources
        self.mode = mode
    }

    /// Whether lost packets may be asked for.
    var requestsLost: Bool {
        codecs.contains { $0.feedback.contains("nack") }
    }

    /// Whether the sender wants to know when packets arrive.
    var reportsArrivals: Bool {
        extensions[.transportSequence] != nil && codecs.contains { $0.feedback.contains("transport-cc") }
    }

    /// Whether the sender wants to know what this side can take: a receiver that estimates itself
    /// (draft-alvestrand-rmcat-remb §2), of pictures that end here.
    var reportsEstimate: Bool {
        kind == .video && mode == .frames && !reportsArrivals && extensions[.absoluteSendTime] != nil
            && codecs.contains { $0.feedback.contains("goog-remb") }
    }

    /// The payload type and what it carries.
    func codec(of payloadType: PayloadType) -> CodecDescription? {
        codecs.first { $0.payloadType == payloadType }
    }
}
