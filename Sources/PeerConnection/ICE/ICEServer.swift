/// A STUN or TURN server as the signaling names it.
package struct ICEServer: Hashable, Sendable {
    /// `stun:`, `turn:` and `turns:` addresses (RFC 7064, RFC 7065).
    package var urls: [String]
    /// TURN user; empty for STUN.
    package var username: String
    /// TURN password.
    package var credential: String

    /// Names a server.
    package init(urls: [String], username: String = "", credential: String = "") {
        self.urls = urls
        self.username = username
        self.credential = credential
    }

    /// The addresses in `urls` that this library understands.
    var endpoints: [ICEServerEndpoint] {
        urls.compactMap { ICEServerEndpoint($0, username: username, credential: credential) }
    }
}

/// Which candidates a connection may use.
package enum ICETransportPolicy: Hashable, Sendable {
    case all
    /// Only relayed candidates: the own address stays hidden.
    case relay
}

/// One address of a STUN or TURN server.
struct ICEServerEndpoint: Hashable, Sendable {
    /// How the server is spoken to.
    enum Service: Hashable, Sendable {
        case stun, turnOverUDP, turnOverTCP, turnOverTLS
    }

    /// How the server is spoken to.
    var service: Service
    /// Name or numeric address.
    var host: String
    /// Port.
    var port: UInt16
    /// TURN user.
    var username: String
    /// TURN password.
    var credential: String

    /// Reads `turn:host:port?transport=udp` and the like; `nil` when it is none.
    init?(_ url: String, username: String, credential: String) {
        let (scheme, rest) = url.cut(at: ":")
        guard let rest, !rest.isEmpty else { return nil }
        let (authority, query) = rest.cut(at: "?")
        let usesTCP = query?.lowercased() == "transport=tcp"
        switch scheme.lowercased() {
        case "stun": service = .stun
        case "turn": service = usesTCP ? .turnOverTCP : .turnOverUDP
        case "turns": service = .turnOverTLS
        default: return nil
        }
        guard let (host, port) = Self.split(authority) else { return nil }
        self.host = host
        // RFC 7065 §3.2: 3478, and 5349 with TLS.
        self.port = port ?? (service == .turnOverTLS ? 5_349 : 3_478)
        self.username = username
        self.credential = credential
    }

    /// Host and port; an IPv6 address stands in brackets.
    private static func split(_ authority: Substring) -> (String, UInt16?)? {
        if authority.hasPrefix("[") {
            let (host, rest) = authority.dropFirst().cut(at: "]")
            guard let rest, !host.isEmpty else { return nil }
            return rest.isEmpty ? (String(host), nil) : UInt16(rest.dropFirst()).map { (String(host), $0) }
        }
        let (host, port) = authority.cut(at: ":")
        guard !host.isEmpty else { return nil }
        guard let port else { return (String(host), nil) }
        return UInt16(port).map { (String(host), $0) }
    }
}
