import Glibc
import Logging
import MediaCore

/// Lets libnice, which speaks TURN over TCP only, use a TURN server over TLS.
///
/// It listens on a port of 127.0.0.1 and carries every connection made there to the server inside TLS,
/// with the
/// server's certificate and name verified. One thread waits in `poll` for all connections; it ends with
/// the tunnel.
final class TurnTLSTunnel: Sendable {
    /// Where libnice finds the server.
    let port: UInt16
    /// The writing end of a pipe: closing it ends the thread, which watches the reading end.
    private let life: Int32

    /// Listens at once; `nil` when there is no socket to be had.
    init?(to server: TurnTLSServer, logger: Logger) {
        var pipeEnds: [Int32] = [-1, -1]
        guard let (listener, port) = makeLoopbackListener(), pipe(&pipeEnds) == 0 else { return nil }
        for end in pipeEnds { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        self.port = port
        life = pipeEnds[1]
        let pump = TurnTLSPump(listener: listener, stop: pipeEnds[0], server: server, logger: logger)
        let thread = PinnedThread(name: "turn-tls")
        // A bridge to a blocking loop: it owns its sockets and ends when `life` is closed.
        Task(name: "TURN over TLS", executorPreference: thread) {
            withExtendedLifetime(thread) { pump.run() }
        }
    }

    deinit {
        close(life)
    }
}

/// A TURN server over TLS.
struct TurnTLSServer: Sendable {
    /// The name that stands in its certificate.
    var host: String
    /// Its numeric address.
    var address: String
    /// Its port.
    var port: UInt16
    /// A PEM file with authorities trusted on top of the system's.
    var authorities: String?
}

/// A listening TCP socket on a free port of 127.0.0.1.
private func makeLoopbackListener() -> (descriptor: Int32, port: UInt16)? {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo("127.0.0.1", "0", &hints, &list) == 0, let target = list?.pointee else { return nil }
    defer { freeaddrinfo(list) }
    let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(target.ai_family, flags, 0)
    guard descriptor >= 0 else { return nil }
    guard bind(descriptor, target.ai_addr, target.ai_addrlen) == 0, listen(descriptor, 16) == 0,
        let port = boundPort(of: descriptor)
    else {
        close(descriptor)
        return nil
    }
    return (descriptor, port)
}

private func boundPort(of descriptor: Int32) -> UInt16? {
    withUnsafeTemporaryAllocation(byteCount: 128, alignment: 8) { storage in
        guard let address = storage.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return nil }
        var length = socklen_t(storage.count)
        var text = [CChar](repeating: 0, count: 8)
        guard getsockname(descriptor, address, &length) == 0,
            getnameinfo(address, length, nil, 0, &text, socklen_t(text.count), NI_NUMERICSERV) == 0
        else { return nil }
        return UInt16(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}
