import Dispatch
import Glibc
import MediaCore

/// One address a name stands for, as the system wants it.
struct SocketAddress: Sendable {
    /// AF_INET or AF_INET6.
    var family: Int32
    /// The bytes of a `sockaddr_in` or `sockaddr_in6`.
    var bytes: [UInt8]

    /// Looks up a name; numeric addresses need no network. Never empty.
    ///
    /// `getaddrinfo` blocks, so it runs on a thread of Dispatch; a cancelled task does not wait for it.
    static func resolve(_ host: String, port: UInt16) async throws(WebSocketError) -> [SocketAddress] {
        let answer = LatestValue<[SocketAddress]>()
        DispatchQueue.global().async {
            answer.store(lookUp(host, port: port))
        }
        guard let addresses = await answer.next() else { throw .cancelled }
        guard !addresses.isEmpty else { throw .unknownHost(host) }
        return alternating(addresses)
    }

    /// RFC 8305 §4: the families take turns, the preferred one first.
    private static func alternating(_ addresses: [SocketAddress]) -> [SocketAddress] {
        let first = addresses.filter { $0.family == addresses.first?.family }
        let second = addresses.filter { $0.family != addresses.first?.family }
        return (0..<max(first.count, second.count)).flatMap { index in
            first.dropFirst(index).prefix(1) + second.dropFirst(index).prefix(1)
        }
    }
}

private func lookUp(_ host: String, port: UInt16) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG
    var list: UnsafeMutablePointer<addrinfo>?
    var status = getaddrinfo(host, String(port), &hints, &list)
    if status != 0 {
        // A machine with no network at all still has its loopback addresses.
        hints.ai_flags = 0
        status = getaddrinfo(host, String(port), &hints, &list)
    }
    guard status == 0, let list else { return [] }
    defer { freeaddrinfo(list) }
    return sequence(first: list, next: \.pointee.ai_next).compactMap { entry in
        guard let address = entry.pointee.ai_addr else { return nil }
        let bytes = UnsafeRawBufferPointer(start: address, count: Int(entry.pointee.ai_addrlen))
        return SocketAddress(family: entry.pointee.ai_family, bytes: Array(bytes))
    }
}
