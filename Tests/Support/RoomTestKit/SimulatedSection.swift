package import MediaCore
package import PeerConnection
package import RTP

/// What both ends of a simulated connection agree on about one stream.
package struct SimulatedSection: Sendable {
    /// Its name.
    package var mid: MediaID
    /// What packets may be; for pictures the last one is for repeats.
    package var codecs: [CodecDescription]
    /// What headers carry.
    package var extensions: HeaderExtensionMap
    /// The source of the stream.
    package var source: SSRC
    /// The source of repeats, if they have one of their own (RFC 4588).
    package var repeats: SSRC?
    /// Whether the receiver knows both sources from the description.
    package var declaresSources = true

    /// Pictures in VP8.
    package static func pictures(
        _ mid: MediaID, feedback: [String], extensions: HeaderExtensionMap
    ) -> SimulatedSection {
        let codecs = [
            CodecDescription(PayloadType(96), "VP8", clockRate: 90_000, feedback: feedback),
            CodecDescription(PayloadType(97), "rtx", clockRate: 90_000, format: "apt=96"),
        ]
        return SimulatedSection(
            mid: mid, codecs: codecs, extensions: extensions, source: SSRC(2_222), repeats: SSRC(3_333))
    }

    /// Sound in Opus.
    package static func sound(
        _ mid: MediaID, feedback: [String], extensions: HeaderExtensionMap
    ) -> SimulatedSection {
        let opus = CodecDescription(
            PayloadType(111), "opus", clockRate: 48_000, channels: 2, feedback: feedback)
        return SimulatedSection(mid: mid, codecs: [opus], extensions: extensions, source: SSRC(1_111))
    }
}

extension SimulatedEnd {
    /// Negotiates a section in which this end sends and the other one receives.
    package mutating func offer(
        _ section: SimulatedSection, to other: inout SimulatedEnd, mode: MediaMode = .frames,
        at now: MonotonicTime
    ) {
        let kind: MediaKind = section.codecs.contains { $0.isNamed("opus") } ? .audio : .video
        engine.setSending(
            SendDescription(
                kind: kind, codecs: section.codecs, extensions: section.extensions, cname: "a",
                encodings: [.init(ssrc: section.source, retransmissionSSRC: section.repeats)]),
            on: section.mid, at: now)
        let sources = [ReceiveDescription.Source(ssrc: section.source, retransmissionSSRC: section.repeats)]
        other.engine.setReceiving(
            ReceiveDescription(
                kind: kind, codecs: section.codecs, extensions: section.extensions,
                sources: section.declaresSources ? sources : [], mode: mode),
            on: section.mid, at: now)
    }
}
