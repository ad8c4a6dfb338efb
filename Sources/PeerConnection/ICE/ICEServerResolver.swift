import Glibc

/// Turns server names into addresses, which libnice wants. Blocks: not for the network loop.
enum ICEServerResolver {
    /// The servers with numeric addresses; those that cannot be found are left out.
    static func resolve(_ servers: [ICEServer]) -> [ResolvedICEServer] {
        servers.flatMap(\.endpoints).flatMap { endpoint in
            // One address per family is enough: each costs an allocation on the server.
            addresses(of: endpoint.host).prefix(2).compactMap { resolved(endpoint, at: $0) }
        }
    }

    private static func resolved(_ endpoint: ICEServerEndpoint, at address: String) -> ResolvedICEServer? {
        let service: ResolvedICEServer.Service
        switch endpoint.service {
        case .stun: service = .stun
        case .turnOverUDP:
            service = .turnOverUDP(username: endpoint.username, credential: endpoint.credential)
        case .turnOverTCP:
            service = .turnOverTCP(username: endpoint.username, credential: endpoint.credential)
        case .turnOverTLS: return nil
        }
        return ResolvedICEServer(service: service, address: address, port: endpoint.port)
    }

    /// The first address of each family.
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
            if found[current.ai_family] == nil, let address = current.ai_addr.flatMap({ numericAddress($0) }) {
                found[current.ai_family] = address
            }
            node = current.ai_next
        }
        return [AF_INET, AF_INET6].compactMap { found[$0] }
    }
}
