import Glibc
import Logging

/// STUN and TURN servers as libnice can use them, with what has to live as long as they are used.
struct ResolvedICEServers: Sendable {
    /// The servers.
    var servers: [ResolvedICEServer] = []
    /// Tunnels to those that are spoken to over TLS.
    var tunnels: [TurnTLSTunnel] = []
}

/// Turns server names into addresses, which libnice wants. Blocks: not for the network loop.
struct ICEServerResolver: Sendable {
    /// A PEM file with authorities trusted on top of the system's, for TURN over TLS.
    var authorities: String?
    let logger: Logger

    /// The servers with numeric addresses; those that cannot be found are left out.
    func resolve(_ servers: [ICEServer]) -> ResolvedICEServers {
        var resolved = ResolvedICEServers()
        for endpoint in servers.flatMap(\.endpoints) {
            let addresses = Self.addresses(of: endpoint.host)
            if addresses.isEmpty {
                logger.warning("ICE server not found", metadata: ["host": "\(endpoint.host)"])
            }
            for address in addresses { resolve(endpoint, at: address, into: &resolved) }
        }
        return resolved
    }

    private func resolve(
        _ endpoint: ICEServerEndpoint, at address: String, into resolved: inout ResolvedICEServers
    ) {
        let service: ResolvedICEServer.Service
        switch endpoint.service {
        case .stun: service = .stun
        case .turnOverUDP:
            service = .turnOverUDP(username: endpoint.username, credential: endpoint.credential)
        case .turnOverTCP:
            service = .turnOverTCP(username: endpoint.username, credential: endpoint.credential)
        case .turnOverTLS: return tunnel(to: endpoint, at: address, into: &resolved)
        }
        resolved.servers.append(ResolvedICEServer(service: service, address: address, port: endpoint.port))
    }

    private func tunnel(
        to endpoint: ICEServerEndpoint, at address: String, into resolved: inout ResolvedICEServers
    ) {
        let server = TurnTLSServer(
            host: endpoint.host, address: address, port: endpoint.port, authorities: authorities)
        guard let tunnel = TurnTLSTunnel(to: server, logger: logger) else { return }
        resolved.tunnels.append(tunnel)
        let service = ResolvedICEServer.Service.turnOverTCP(
            username: endpoint.username, credential: endpoint.credential)
        resolved.servers.append(ResolvedICEServer(service: service, address: "127.0.0.1", port: tunnel.port))
    }

    /// The first address of each family: each costs an allocation on the server.
    static func addresses(of host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [Int32: String] = [:]
        var node = list
        while let current = node?.pointee {
            if found[current.ai_family] == nil, let address = current.ai_addr.flatMap({ numericAddress($0) })
            {
                found[current.ai_family] = address
            }
            node = current.ai_next
        }
        return [AF_INET, AF_INET6].compactMap { found[$0] }
    }
}
