import Glibc

/// A TCP connection.
package final class TCPStream: ByteStream {
    private let socket: Socket

    private init(_ socket: Socket) {
        self.socket = socket
    }

    deinit {
        socket.shutDown()
    }

    package func read() async throws(WebSocketError) -> [UInt8]? {
        while !Task.isCancelled {
            do {
                if let bytes = try socket.receive() { return bytes.isEmpty ? nil : bytes }
            } catch {
                throw .connectionLost(error.description)
            }
            await socket.waitUntilReadable()
        }
        throw .cancelled
    }

    package func write(_ bytes: [UInt8]) async throws(WebSocketError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            if Task.isCancelled { throw .cancelled }
            do {
                let count = try socket.send(rest)
                rest = rest.dropFirst(count)
                if count > 0 { continue }
            } catch {
                throw .connectionLost(error.description)
            }
            await socket.waitUntilWritable()
        }
    }

    package func close() {
        socket.shutDown()
    }
}

// MARK: Connecting

extension TCPStream {
    private enum Attempt: Sendable {
        case connected(Socket)
        case failed(WebSocketError)
        /// The attempt before has had its head start.
        case headStartOver
    }

    /// Connects to the first address of a host that answers.
    ///
    /// After RFC 8305 §5: an address gets a head start of 250 ms, then the next one is tried beside
    /// it; a failure starts the next at once. The caller puts a limit on the whole.
    package static func connect(host: String, port: UInt16) async throws(WebSocketError) -> TCPStream {
        let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let addresses = try await SocketAddress.resolve(host, port: port)
        let last: Attempt = await withTaskGroup(of: Attempt.self) { group in
            var waiting = addresses[...]
            var running = 0
            func startNext() {
                guard let address = waiting.popFirst() else { return }
                running += 1
                group.addTask { await attempt(address, place: place) }
                guard !waiting.isEmpty else { return }
                group.addTask {
                    try? await Task.sleep(for: .milliseconds(250))
                    return .headStartOver
                }
            }
            defer { group.cancelAll() }
            startNext()
            while let result = await group.next() {
                switch result {
                case .connected:
                    return result
                case .headStartOver:
                    startNext()
                case .failed:
                    running -= 1
                    startNext()
                    if running == 0 { return result }
                }
            }
            return .failed(.cancelled)
        }
        switch last {
        case .connected(let socket): return TCPStream(socket)
        case .failed(let error): throw error
        case .headStartOver: throw .cancelled
        }
    }

    private static func attempt(_ address: SocketAddress, place: String) async -> Attempt {
        guard let socket = Socket(family: address.family) else {
            return .failed(.unreachable(place, reason: SystemError(code: errno).description))
        }
        do throws(SystemError) {
            while try !socket.connect(to: address) {
                await socket.waitUntilWritable()
                if Task.isCancelled { return .failed(.cancelled) }
            }
            return .connected(socket)
        } catch {
            return .failed(
                error.code == ECONNREFUSED ? .refused(place) : .unreachable(place, reason: error.description))
        }
    }
}
