/// One address at which a side may be reached (RFC 8839 §5.1).
package struct ICECandidate: Hashable, Sendable {
    /// How a candidate was found.
    package enum Kind: String, Hashable, Sendable {
        case host, srflx, prflx, relay
    }

    /// What carries the packets.
    package enum Transport: Hashable, Sendable {
        case udp
        /// TCP with its role: `active`, `passive` or `so` (RFC 6544 §4.5).
        case tcp(role: String)
    }

    /// Candidates with equal foundations are checked together.
    package var foundation: String
    /// 1 for RTP; 2 would be a separate RTCP port.
    package var component: Int
    /// What carries the packets.
    package var transport: Transport
    /// Its rank; higher is better.
    package var priority: UInt32
    /// Numeric address, or a host name that this library does not resolve.
    package var address: String
    /// Port.
    package var port: UInt16
    /// How it was found.
    package var kind: Kind
    /// The base of a reflexive or relayed candidate.
    package var relatedAddress: String?
    /// The port of the base.
    package var relatedPort: UInt16?
    /// The ICE generation it belongs to, when the writer says so.
    package var usernameFragment: String?

    /// Reads the text behind `a=`, or with it; `nil` when it does not follow the grammar.
    package init?(_ text: String) {
        let words = text.words
        guard words.count >= 8, words[6] == "typ" else { return nil }
        let (name, foundation) = words[0].cut(at: ":")
        guard name == "candidate" || name == "a=candidate", let foundation,
            (1...32).contains(foundation.utf8.count),
            let component = Int(words[1]), let priority = UInt32(words[3]), let port = UInt16(words[5]),
            let kind = Kind(rawValue: String(words[7]))
        else { return nil }
        self.foundation = String(foundation)
        self.component = component
        self.priority = priority
        self.address = String(words[4])
        self.port = port
        self.kind = kind
        var role = "so"
        var rest = words.dropFirst(8)
        while let name = rest.popFirst(), let value = rest.popFirst() {
            switch name {
            case "raddr": relatedAddress = String(value)
            case "rport": relatedPort = UInt16(value)
            case "tcptype": role = String(value)
            case "ufrag": usernameFragment = String(value)
            default: break
            }
        }
        switch words[2].lowercased() {
        case "udp": transport = .udp
        case "tcp" where ["active", "passive", "so"].contains(role): transport = .tcp(role: role)
        default: return nil
        }
    }

    /// Whether the address is a name of multicast DNS, which hides the real one (RFC 8828).
    package var isHidden: Bool { address.lowercased().hasSuffix(".local") }

    /// The text behind `a=`.
    package var string: String {
        var text = "candidate:\(foundation) \(component) \(transportName) \(priority) \(address) \(port)"
        text += " typ \(kind.rawValue)"
        if let relatedAddress { text += " raddr \(relatedAddress)" }
        if let relatedPort { text += " rport \(relatedPort)" }
        if case .tcp(let role) = transport { text += " tcptype \(role)" }
        if let usernameFragment { text += " ufrag \(usernameFragment)" }
        return text
    }

    private var transportName: String { transport == .udp ? "udp" : "tcp" }
}
