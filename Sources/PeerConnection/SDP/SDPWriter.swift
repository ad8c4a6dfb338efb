import PeerTransport
import RTP

extension SessionDescription {
    /// The description as text, in the order of lines that libwebrtc writes.
    package var string: String {
        var writer = SDPWriter()
        writer.write(self)
        return writer.text
    }
}

/// Collects the lines of a description.
private struct SDPWriter {
    /// Everything written so far.
    var text = ""

    mutating func write(_ session: SessionDescription) {
        line("v=0")
        line("o=- \(session.sessionID) \(session.version) IN IP4 127.0.0.1")
        line("s=-")
        line("t=0 0")
        if !session.bundle.isEmpty { attribute("group", "BUNDLE " + session.bundle.joined(separator: " ")) }
        if session.mixesExtensions { attribute("extmap-allow-mixed") }
        attribute("msid-semantic", " WMS")
        if session.isICELite { attribute("ice-lite") }
        write(session.parameters)
        for section in session.media { write(section) }
    }

    private mutating func write(_ section: MediaDescription) {
        let formats = section.formats.isEmpty ? "0" : section.formats.joined(separator: " ")
        line("m=\(section.media) \(section.port) \(section.transport) \(formats)")
        line("c=IN IP4 0.0.0.0")
        if section.multiplexesRTCP { attribute("rtcp", "9 IN IP4 0.0.0.0") }
        write(section.parameters)
        if !section.mid.isEmpty { attribute("mid", section.mid) }
        if section.isBundleOnly { attribute("bundle-only") }
        if section.kind == .application {
            writeData(section)
        } else {
            writeMedia(section)
        }
    }

    private mutating func writeData(_ section: MediaDescription) {
        if let port = section.sctpPort { attribute("sctp-port", "\(port)") }
        if let size = section.maximumMessageSize { attribute("max-message-size", "\(size)") }
    }

    private mutating func writeMedia(_ section: MediaDescription) {
        for entry in section.extensions { attribute("extmap", "\(entry.id) \(entry.uri)") }
        attribute(section.direction.rawValue)
        for stream in section.streams { attribute("msid", stream.text) }
        if section.multiplexesRTCP { attribute("rtcp-mux") }
        if section.reducesRTCP { attribute("rtcp-rsize") }
        for codec in section.codecs { write(codec) }
        for rid in section.rids { attribute("rid", "\(rid.id) \(rid.isSent ? "send" : "recv")") }
        writeSimulcast(section)
        for group in section.sourceGroups {
            let members = group.sources.map { " \($0.value)" }.joined()
            attribute("ssrc-group", group.semantics + members)
        }
        for source in section.sources { write(source) }
    }

    private mutating func writeSimulcast(_ section: MediaDescription) {
        var parts: [String] = []
        if !section.simulcastSend.isEmpty {
            parts.append("send " + section.simulcastSend.joined(separator: ";"))
        }
        if !section.simulcastReceive.isEmpty {
            parts.append("recv " + section.simulcastReceive.joined(separator: ";"))
        }
        if !parts.isEmpty { attribute("simulcast", parts.joined(separator: " ")) }
    }

    private mutating func write(_ codec: CodecDescription) {
        let channels = codec.channels > 1 ? "/\(codec.channels)" : ""
        let number = codec.payloadType.value
        attribute("rtpmap", "\(number) \(codec.name)/\(codec.clockRate)\(channels)")
        for feedback in codec.feedback { attribute("rtcp-fb", "\(number) \(feedback)") }
        if !codec.format.isEmpty { attribute("fmtp", "\(number) \(codec.format)") }
    }

    private mutating func write(_ source: SourceDescription) {
        if let cname = source.cname { attribute("ssrc", "\(source.ssrc.value) cname:\(cname)") }
        if let stream = source.stream { attribute("ssrc", "\(source.ssrc.value) msid:\(stream.text)") }
    }

    private mutating func write(_ parameters: TransportParameters) {
        for candidate in parameters.candidates { attribute(candidate) }
        if parameters.hasAllCandidates { attribute("end-of-candidates") }
        if let credentials = parameters.credentials {
            attribute("ice-ufrag", credentials.username)
            attribute("ice-pwd", credentials.password)
        }
        if parameters.trickles { attribute("ice-options", "trickle") }
        for fingerprint in parameters.fingerprints {
            attribute("fingerprint", fingerprint.sdpAttribute)
        }
        if let setup = parameters.setup { attribute("setup", setup.rawValue) }
    }

    private mutating func attribute(_ name: String, _ value: String) {
        line("a=\(name):\(value)")
    }

    private mutating func attribute(_ name: String) {
        line("a=\(name)")
    }

    private mutating func line(_ content: String) {
        text += content
        text += "\r\n"
    }
}

extension MediaStreamID {
    /// The tokens as they stand behind `msid:`.
    fileprivate var text: String { track.isEmpty ? stream : "\(stream) \(track)" }
}
