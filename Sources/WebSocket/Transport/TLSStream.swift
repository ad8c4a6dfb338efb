import TLS

/// TLS over another stream: drives a `TLSClientSession`.
package actor TLSStream: ByteStream {
    private nonisolated let stream: any ByteStream
    private let host: String
    private var session: TLSClientSession
    /// Encrypted bytes in the order in which the session made them.
    private var outgoing: [UInt8] = []
    /// Decrypted bytes nobody has read yet.
    private var incoming: [UInt8] = []
    private var isConnected = false
    private var isFlushing = false
    private var hasEnded = false
    private var failure: WebSocketError?

    private init(over stream: any ByteStream, host: String, authorities: String?) throws(WebSocketError) {
        self.stream = stream
        self.host = host
        do {
            session = try TLSClientSession(host: host, authorities: authorities)
        } catch {
            throw error.error(host: host)
        }
    }

    /// Does the handshake and checks the certificate against `host`, a name or an address.
    ///
    /// `authorities` is a PEM file of certificates to trust besides those of the system.
    package static func connect(
        over stream: any ByteStream, host: String, authorities: String? = nil
    ) async throws(WebSocketError) -> TLSStream {
        let secure = try TLSStream(over: stream, host: host, authorities: authorities)
        try await secure.shakeHands()
        return secure
    }

    package func read() async throws(WebSocketError) -> [UInt8]? {
        while incoming.isEmpty, !hasEnded, failure == nil {
            try await step()
        }
        if !incoming.isEmpty {
            defer { incoming = [] }
            return incoming
        }
        if let failure { throw failure }
        return nil
    }

    package func write(_ bytes: [UInt8]) async throws(WebSocketError) {
        if let failure { throw failure }
        bytes.withUnsafeBytes { session.send($0) }
        drain()
        try await flush()
    }

    package nonisolated func close() {
        stream.close()
    }

    private func shakeHands() async throws(WebSocketError) {
        session.start()
        drain()
        try await flush()
        while !isConnected {
            if let failure { throw failure }
            if hasEnded { throw .tlsFailed(host: host, reason: "the server hung up during the handshake") }
            try await step()
        }
    }

    /// One read of the stream below, and what follows from it.
    private func step() async throws(WebSocketError) {
        if let bytes = try await stream.read() {
            bytes.withUnsafeBytes { session.receive($0) }
            drain()
            try await flush()
        } else {
            hasEnded = true
        }
    }

    private func drain() {
        while let output = session.nextOutput() {
            switch output {
            case .transmit(let bytes): outgoing += bytes
            case .connected: isConnected = true
            case .received(let bytes): incoming += bytes
            case .closed: hasEnded = true
            case .failed(let error): failure = error.error(host: host)
            }
        }
    }

    /// Writes in order; a second caller leaves its bytes to the first.
    private func flush() async throws(WebSocketError) {
        guard !isFlushing else { return }
        isFlushing = true
        defer { isFlushing = false }
        while !outgoing.isEmpty {
            let bytes = outgoing
            outgoing = []
            try await stream.write(bytes)
        }
    }
}

extension TLSError {
    /// The same for people, with the name of the peer.
    fileprivate func error(host: String) -> WebSocketError {
        switch self {
        case .certificateExpired: .certificateExpired(host: host)
        case .certificateUntrusted(let reason): .certificateUntrusted(host: host, reason: reason)
        case .certificateHostMismatch: .certificateHostMismatch(host: host)
        case .other(let reason): .tlsFailed(host: host, reason: reason)
        }
    }
}
