import Glibc

/// The addresses of this machine that a connection may be bound to.
enum LocalAddresses {
    /// Every usable numeric address; loopback only when asked for.
    ///
    /// libnice's own discovery leaves loopback out, and adding one address switches it off: so all are added.
    static func all(includesLoopback: Bool) -> [String] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var found: [String] = []
        var node = list
        while let current = node {
            node = current.pointee.ifa_next
            let flags = Int32(truncatingIfNeeded: current.pointee.ifa_flags)
            guard flags & Int32(IFF_UP) != 0, let address = current.pointee.ifa_addr,
                let text = numericAddress(address), isUsable(text, includesLoopback), !found.contains(text)
            else { continue }
            found.append(text)
        }
        return found
    }

    /// Link-local addresses need a zone that the other side cannot know; loopback by IPv4 is enough.
    private static func isUsable(_ address: String, _ includesLoopback: Bool) -> Bool {
        if address.hasPrefix("127.") { return includesLoopback }
        return address != "::1" && !address.hasPrefix("fe80:") && !address.hasPrefix("169.254.")
    }
}

/// The numeric form of an IPv4 or IPv6 socket address; `nil` for other families.
func numericAddress(_ address: UnsafePointer<sockaddr>) -> String? {
    // The sizes of sockaddr_in and sockaddr_in6.
    let length: Int
    switch Int32(address.pointee.sa_family) {
    case AF_INET: length = 16
    case AF_INET6: length = 28
    default: return nil
    }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { text in
        let status = getnameinfo(
            address, socklen_t(length), text.baseAddress, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        return status == 0 ? text.baseAddress.map { String(cString: $0) } : nil
    }
}
