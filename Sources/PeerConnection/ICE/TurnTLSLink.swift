import Glibc
import Logging
import TLS

/// One connection through a `TurnTLSTunnel`: a plain socket near, TLS over a socket far. On the
/// tunnel's thread only.
final class TurnTLSLink {
    /// Bytes that may wait on one side before the other is not read any more.
    private static let waitingLimit = 256 << 10

    private let near: Int32
    private let far: Int32
    private let logger: Logger
    private var session: TLSClientSession
    private var isConnecting = true
    private var isSecure = false
    /// Bytes for the near side.
    private var toNear: [UInt8] = []
    /// Bytes for the far side, encrypted.
    private var toFar: [UInt8] = []
    /// Whether it has ended and can be let go.
    private(set) var isOver = false

    /// Takes over `near` and begins to connect to the server; `nil` when that is impossible at once.
    init?(near: Int32, server: TurnTLSServer, logger: Logger) {
        guard let far = startConnecting(to: server.address, port: server.port) else {
            close(near)
            return nil
        }
        do throws(TLSError) {
            session = try TLSClientSession(host: server.host, authorities: server.authorities)
        } catch {
            logger.error("TURN over TLS cannot start", metadata: ["error": "\(error)"])
            close(near)
            close(far)
            return nil
        }
        self.near = near
        self.far = far
        self.logger = logger
    }

    deinit {
        close(near)
        close(far)
    }

    /// What to wait for: the near socket, then the far one.
    var waits: [pollfd] {
        let readsNear = isSecure && toFar.count < Self.waitingLimit
        let readsFar = !isConnecting && toNear.count < Self.waitingLimit
        let writesFar = isConnecting || !toFar.isEmpty
        return [
            pollfd(fd: near, events: events(reads: readsNear, writes: !toNear.isEmpty), revents: 0),
            pollfd(fd: far, events: events(reads: readsFar, writes: writesFar), revents: 0),
        ]
    }

    /// Moves what can be moved.
    func step(near nearEvents: Int16, far farEvents: Int16) {
        if isConnecting, farEvents != 0 {
            isConnecting = false
            session.start()
            drain()
        }
        if farEvents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { readFar() }
        if nearEvents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { readNear() }
        if !isConnecting { write(&toFar, to: far) }
        write(&toNear, to: near)
    }

    private func readFar() {
        read(far) { [self] in session.receive($0) }
        drain()
    }

    private func readNear() {
        read(near) { [self] in session.send($0) }
        drain()
    }

    private func drain() {
        while let output = session.nextOutput() {
            switch output {
            case .transmit(let bytes): toFar += bytes
            case .connected: isSecure = true
            case .received(let bytes): toNear += bytes
            case .closed: end()
            case .failed(let error):
                logger.warning("TURN over TLS failed", metadata: ["reason": "\(error)"])
                end()
            }
        }
    }

    /// The last words go out first.
    private func end() {
        write(&toFar, to: far)
        isOver = true
    }

    private func read(_ descriptor: Int32, _ take: (UnsafeRawBufferPointer) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 {
                take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                isOver = true
            }
        }
    }

    private func write(_ bytes: inout [UInt8], to descriptor: Int32) {
        guard !bytes.isEmpty else { return }
        let count = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        if count > 0 {
            bytes.removeFirst(count)
        } else if errno != EAGAIN && errno != EINTR {
            isOver = true
        }
    }

    private func events(reads: Bool, writes: Bool) -> Int16 {
        (reads ? Int16(POLLIN) : 0) | (writes ? Int16(POLLOUT) : 0)
    }
}

/// A socket on its way to a numeric address.
private func startConnecting(to address: String, port: UInt16) -> Int32? {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address, "\(port)", &hints, &list) == 0, let target = list?.pointee else { return nil }
    defer { freeaddrinfo(list) }
    let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(target.ai_family, flags, 0)
    guard descriptor >= 0 else { return nil }
    guard connect(descriptor, target.ai_addr, target.ai_addrlen) == 0 || errno == EINPROGRESS else {
        close(descriptor)
        return nil
    }
    return descriptor
}
