import PeerTransport
import RTP

extension SessionDescription {
    /// Reads a description; unknown lines are skipped, a broken line that matters is an error.
    package init(parsing text: String) throws(SDPError) {
        guard text.utf8.count <= SDPParser.maximumSize else { throw .tooLarge }
        var parser = SDPParser()
        for line in text.split(whereSeparator: \.isNewline) { try parser.receive(line) }
        self = try parser.finish()
    }
}

/// Reads a description line by line.
private struct SDPParser {
    /// A room of a hundred sections stays well below this many bytes.
    static let maximumSize = 1 << 20
    /// Sections beyond this many are an error: nobody has them, and each costs memory.
    static let maximumSections = 1_024

    /// What has been read of the session.
    private var session = SessionDescription()
    /// The section being read; `nil` at session level.
    private var section: SDPSectionParser?
    /// Whether the first line has been seen.
    private var hasVersion = false

    mutating func receive(_ line: Substring) throws(SDPError) {
        let line = line.trimmed
        let (type, content) = line.cut(at: "=")
        guard let content, type.count == 1 else { return }
        guard hasVersion else {
            guard type == "v", content == "0" else { throw .noVersion }
            hasVersion = true
            return
        }
        switch type {
        case "o": try receiveOrigin(content)
        case "m": try startSection(content)
        case "a": try receiveAttribute(content)
        default: break
        }
    }

    mutating func finish() throws(SDPError) -> SessionDescription {
        guard hasVersion else { throw .noVersion }
        closeSection()
        return session
    }

    private mutating func receiveOrigin(_ content: Substring) throws(SDPError) {
        let words = content.words
        guard words.count >= 3 else { throw .malformedLine("o=" + content) }
        session.sessionID = String(words[1])
        session.version = UInt64(words[2]) ?? 0
    }

    private mutating func startSection(_ content: Substring) throws(SDPError) {
        closeSection()
        guard session.media.count < Self.maximumSections else { throw .tooLarge }
        section = try SDPSectionParser(mediaLine: content)
    }

    private mutating func closeSection() {
        guard let finished = section?.finish() else { return }
        session.media.append(finished)
        section = nil
    }

    private mutating func receiveAttribute(_ content: Substring) throws(SDPError) {
        let (name, value) = content.cut(at: ":")
        guard section == nil else {
            try section?.receive(name, value ?? "")
            return
        }
        switch name {
        case "group": receiveGroup(value ?? "")
        case "extmap-allow-mixed": session.mixesExtensions = true
        case "ice-lite": session.isICELite = true
        default: session.parameters.receive(name, value ?? "")
        }
    }

    /// Only the first BUNDLE group counts: max-bundle has one (RFC 8843 §7.1).
    private mutating func receiveGroup(_ value: Substring) {
        let words = value.words
        guard words.first == "BUNDLE", session.bundle.isEmpty else { return }
        session.bundle = words.dropFirst().map(String.init)
    }
}

extension TransportParameters {
    /// Takes the attribute when it is one of the transport's.
    mutating func receive(_ name: Substring, _ value: Substring) {
        switch name {
        case "ice-ufrag":
            credentials = ICECredentials(username: String(value), password: credentials?.password ?? "")
        case "ice-pwd":
            credentials = ICECredentials(username: credentials?.username ?? "", password: String(value))
        case "ice-options": trickles = trickles || value.words.contains("trickle")
        case "fingerprint":
            if let fingerprint = Fingerprint(sdp: value) { fingerprints.append(fingerprint) }
        case "setup": setup = DTLSSetup(rawValue: value.lowercased())
        case "candidate": candidates.append("candidate:\(value)")
        case "end-of-candidates": hasAllCandidates = true
        default: break
        }
    }
}
