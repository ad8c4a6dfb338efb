import RTP

/// Reads the lines of one media section; payload types are joined at the end, because their lines come
/// in any order.
struct SDPSectionParser {
    /// What has been read so far, without payload types.
    private var section: MediaDescription
    /// Payload types of the `m=` line, in order.
    private var payloadTypes: [PayloadType] = []
    /// What `a=rtpmap` said.
    private var mappings: [PayloadType: CodecDescription] = [:]
    /// What `a=fmtp` said.
    private var parameterTexts: [PayloadType: String] = [:]
    /// What `a=rtcp-fb` said.
    private var feedback: [PayloadType: [String]] = [:]
    /// What `a=rtcp-fb:*` said, for every payload type.
    private var commonFeedback: [String] = []

    /// Begins a section with the content of its `m=` line: media, port, protocol and formats.
    init(mediaLine: Substring) throws(SDPError) {
        let words = mediaLine.words
        guard words.count >= 3, let port = UInt16(words[1].cut(at: "/").head) else {
            throw .malformedLine("m=" + mediaLine)
        }
        section = MediaDescription(media: String(words[0]), transport: String(words[2]))
        section.port = port
        section.formats = words.dropFirst(3).map(String.init)
        guard section.kind != .application else { return }
        for format in words.dropFirst(3) {
            guard let type = Self.payloadType(format), !payloadTypes.contains(type) else { continue }
            payloadTypes.append(type)
        }
    }

    /// Takes one attribute.
    mutating func receive(_ name: Substring, _ value: Substring) throws(SDPError) {
        switch name {
        case "mid": section.mid = String(value)
        case "sendrecv", "sendonly", "recvonly", "inactive":
            section.direction = MediaDirection(rawValue: String(name)) ?? section.direction
        case "rtpmap": try receiveMapping(value)
        case "fmtp": receiveFormat(value)
        case "rtcp-fb": receiveFeedback(value)
        case "extmap": receiveExtension(value)
        case "msid": receiveStream(value)
        case "rid": receiveRestriction(value)
        case "simulcast": receiveSimulcast(value)
        case "ssrc": receiveSource(value)
        case "ssrc-group": receiveGroup(value)
        case "rtcp-mux": section.multiplexesRTCP = true
        case "rtcp-rsize": section.reducesRTCP = true
        case "bundle-only": section.isBundleOnly = true
        case "sctp-port": section.sctpPort = UInt16(value)
        case "max-message-size": section.maximumMessageSize = Int(value).map { max(0, $0) }
        default: section.parameters.receive(name, value)
        }
    }

    /// The section with its payload types in the order of the `m=` line.
    func finish() -> MediaDescription {
        var section = section
        section.codecs = payloadTypes.compactMap { type in
            guard var codec = mappings[type] ?? Self.staticMapping(type) else { return nil }
            codec.format = parameterTexts[type] ?? ""
            codec.feedback = (feedback[type] ?? []) + commonFeedback
            return codec
        }
        return section
    }

    private mutating func receiveMapping(_ value: Substring) throws(SDPError) {
        let words = value.words
        guard words.count >= 2, let type = Self.payloadType(words[0]) else {
            throw .malformedLine("a=rtpmap:" + value)
        }
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, let rate = Int(parts[1]), rate > 0 else {
            throw .malformedLine("a=rtpmap:" + value)
        }
        let channels = parts.count > 2 ? Int(parts[2]) ?? 1 : 1
        mappings[type] = CodecDescription(type, String(parts[0]), clockRate: rate, channels: max(1, channels))
    }

    private mutating func receiveFormat(_ value: Substring) {
        let (number, rest) = value.cut(at: " ")
        guard let type = Self.payloadType(number), let rest else { return }
        parameterTexts[type] = String(rest.trimmed)
    }

    private mutating func receiveFeedback(_ value: Substring) {
        let (number, rest) = value.cut(at: " ")
        guard let rest = rest.map({ String($0.trimmed) }) else { return }
        if number == "*" {
            commonFeedback.append(rest)
        } else if let type = Self.payloadType(number) {
            feedback[type, default: []].append(rest)
        }
    }

    private mutating func receiveExtension(_ value: Substring) {
        let words = value.words
        guard words.count >= 2, let id = UInt8(words[0].cut(at: "/").head), id > 0 else { return }
        section.extensions.append(ExtensionDescription(id: id, uri: String(words[1])))
    }

    private mutating func receiveStream(_ value: Substring) {
        guard let stream = Self.stream(value) else { return }
        section.streams.append(stream)
    }

    private mutating func receiveRestriction(_ value: Substring) {
        let words = value.words
        guard words.count >= 2, words[1] == "send" || words[1] == "recv" else { return }
        section.rids.append(RestrictionID(String(words[0]), isSent: words[1] == "send"))
    }

    /// RFC 8853 §5.1: `send a;b,c recv d`; `~` marks a stream that starts paused.
    private mutating func receiveSimulcast(_ value: Substring) {
        let words = value.words
        for (direction, list) in zip(words, words.dropFirst())
        where direction == "send" || direction == "recv" {
            let names = list.split { $0 == ";" || $0 == "," }.map { String($0.drop { $0 == "~" }) }
            if direction == "send" { section.simulcastSend = names } else { section.simulcastReceive = names }
        }
    }

    private mutating func receiveSource(_ value: Substring) {
        let (number, rest) = value.cut(at: " ")
        guard let ssrc = UInt32(number).map({ SSRC($0) }), let rest else { return }
        let index = sourceIndex(ssrc)
        let (name, text) = rest.trimmed.cut(at: ":")
        switch name {
        case "cname": section.sources[index].cname = text.map(String.init)
        case "msid": section.sources[index].stream = text.flatMap(Self.stream)
        default: break
        }
    }

    private mutating func sourceIndex(_ ssrc: SSRC) -> Int {
        if let index = section.sources.firstIndex(where: { $0.ssrc == ssrc }) { return index }
        section.sources.append(SourceDescription(ssrc))
        return section.sources.count - 1
    }

    private mutating func receiveGroup(_ value: Substring) {
        let words = value.words
        guard let semantics = words.first else { return }
        let members = words.dropFirst().compactMap { UInt32($0).map { SSRC($0) } }
        section.sourceGroups.append(SourceGroup(String(semantics), members))
    }

    private static func stream(_ value: Substring) -> MediaStreamID? {
        let words = value.words
        guard let first = words.first else { return nil }
        return MediaStreamID(stream: String(first), track: words.count > 1 ? String(words[1]) : "")
    }

    private static func payloadType(_ text: Substring) -> PayloadType? {
        guard let value = UInt8(text), value < 128 else { return nil }
        return PayloadType(value)
    }

    /// RFC 3551 §6: numbers that mean something without `a=rtpmap`.
    private static func staticMapping(_ type: PayloadType) -> CodecDescription? {
        switch type.value {
        case 0: CodecDescription(type, "PCMU", clockRate: 8_000)
        case 8: CodecDescription(type, "PCMA", clockRate: 8_000)
        case 9: CodecDescription(type, "G722", clockRate: 8_000)
        default: nil
        }
    }
}
