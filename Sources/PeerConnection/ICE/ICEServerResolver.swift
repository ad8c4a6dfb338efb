import Dispatch
import Glibc
import Logging
import MediaCore

/// STUN and TURN servers as libnice can use them, with what has to live as long as they are used.
struct ResolvedICEServers: Sendable {
    /// The servers.
    var servers: [ResolvedICEServer] = []
    /// Tunnels to those that are spoken to over TLS.
    var tunnels: [TurnTLSTunnel] = []
}

/// Turns server names into addresses, which libnice wants.
///
/// All names are looked up at once, and only for a while: where there is no name server each would take ten seconds, and
/// the connection may be possible without.
struct ICEServerResolver: Sendable {
    /// A PEM file with authorities trusted on top of the system's, for TURN over TLS.
    var authorities: String?
    let logger: Logger
    /// How long a name may take.
    var patience = Duration.seconds(2)
    /// Finds the addresses of a name; blocks.
    var lookUp: @Sendable (String) -> [String] = ICEServerResolver.systemAddresses

    /// The servers with numeric addresses; those that cannot be found are left out.
    func resolve(_ servers: [ICEServer]) async -> ResolvedICEServers {
        let endpoints = servers.flatMap(\.endpoints)
        let known = await addresses(of: Set(endpoints.map(\.host)))
        var resolved = ResolvedICEServers()
        for endpoint in endpoints {
            let addresses = known[endpoint.host] ?? []
            if addresses.isEmpty {
                logger.warning("ICE server not found", metadata: ["host": "\(endpoint.host)"])
            }
            for address in addresses { resolve(endpoint, at: address, into: &resolved) }
        }
        return resolved
    }

    private func addresses(of hosts: Set<String>) async -> [String: [String]] {
        await withTaskGroup(of: (String, [String]?).self) { group in
            for host in hosts { group.addTask { (host, await addresses(of: host)) } }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// A look-up blocks, so it runs on a thread of Dispatch, which goes on when nobody waits any more.
    private func addresses(of host: String) async -> [String]? {
        let answer = LatestValue<[String]>()
        DispatchQueue.global().async { answer.store(lookUp(host)) }
        return await answer.next(within: patience)
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
    static func systemAddresses(of host: String) -> [String] {
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
