import Dispatch
import Glibc
import MediaCore

/// A non-blocking TCP socket; the descriptor is closed with the last reference, so that no waiting
/// call can meet a descriptor that was given away again.
final class Socket: Sendable {
    let descriptor: Int32

    /// Makes an unconnected socket; `nil` when the system has none left.
    init?(family: Int32) {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { return nil }
        var isOn: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// Waits until reading would not block; returns early when the task is cancelled.
    func waitUntilReadable() async {
        await wait(for: DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global()))
    }

    /// Waits until writing would not block, or a connection attempt has ended; returns early when
    /// cancelled.
    func waitUntilWritable() async {
        await wait(for: DispatchSource.makeWriteSource(fileDescriptor: descriptor, queue: .global()))
    }

    private func wait(for source: some DispatchSourceProtocol) async {
        let isReady = LatestValue<Bool>()
        source.setEventHandler {
            isReady.store(true)
            source.cancel()
        }
        // The source must not outlive the descriptor.
        source.setCancelHandler { withExtendedLifetime(self) {} }
        source.activate()
        _ = await isReady.next()
        source.cancel()
    }

    /// Takes what has arrived: bytes, an empty array at the end, `nil` when it would block.
    func receive() throws(SystemError) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else {
            if errno == EAGAIN || errno == EINTR { return nil }
            throw SystemError(code: errno)
        }
        buffer.removeLast(buffer.count - count)
        return buffer
    }

    /// Hands over as many bytes as fit; 0 when it would block.
    func send(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
        let flags = Int32(MSG_NOSIGNAL)
        let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
        guard count >= 0 else {
            if errno == EAGAIN || errno == EINTR { return 0 }
            throw SystemError(code: errno)
        }
        return count
    }

    /// Starts or continues a connection attempt; false while it is under way.
    func connect(to address: SocketAddress) throws(SystemError) -> Bool {
        let status = address.bytes.withUnsafeBytes { raw -> Int32 in
            guard let base = raw.baseAddress else { return -1 }
            return Glibc.connect(
                descriptor, base.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
        }
        if status == 0 || errno == EISCONN { return true }
        guard errno == EINPROGRESS || errno == EALREADY || errno == EINTR else {
            throw SystemError(code: errno)
        }
        return false
    }

    /// Ends both directions; whoever waits wakes up.
    func shutDown() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}

/// An error number of the system.
struct SystemError: Error {
    var code: Int32

    var description: String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
}
