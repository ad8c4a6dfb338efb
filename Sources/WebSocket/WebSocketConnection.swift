package import Foundation
import MediaCore

/// One open WebSocket to a server (RFC 6455): drives a `WebSocketCodec` over a stream.
///
/// Reading happens in the task that asks for the next message, one task at a time; pings of the
/// server are answered then. Nothing is buffered beyond what one read of the stream brings, so a
/// slow reader slows the server down.
package actor WebSocketConnection {
    private nonisolated let stream: any ByteStream
    private var codec = WebSocketCodec()
    private var generator = SystemRandomNumberGenerator()
    /// Encoded frames in order, not written yet.
    private var outgoing: [UInt8] = []
    private var isFlushing = false
    /// Messages of the last read that nobody has taken.
    private var inbox: [WebSocketMessage] = []
    private var isReading = false
    /// Whether `close()` reads, because nobody else did when it began.
    private var isFinishing = false
    private var ending: Ending?
    /// Finished when `ending` is set, for `close()` while another task reads, and the other way round.
    private let hasEnded = LatestValue<Never>()

    private enum Ending {
        case closed(WebSocketClose)
        case failed(WebSocketError)
    }

    private init(stream: any ByteStream, rest: [UInt8]) {
        self.stream = stream
        codec.receive(rest)
    }

    deinit {
        stream.close()
    }

    /// Connects and does the opening handshake, all within `timeout`.
    ///
    /// A server that answers with another status than 101 gives `.upgradeRefused` with its text;
    /// redirects are not followed.
    package static func connect(
        to url: URL, headers: HTTPHeaders = [:], settings: NetworkSettings = NetworkSettings(),
        timeout: Duration
    ) async throws(WebSocketError) -> WebSocketConnection {
        let endpoint = try WebSocketEndpoint(url)
        return try await withTimeout(timeout, for: endpoint.hostAndPort) { () async throws(WebSocketError) in
            let stream = try await settings.open(endpoint)
            do throws(WebSocketError) {
                return WebSocketConnection(
                    stream: stream, rest: try await shakeHands(endpoint, headers, on: stream))
            } catch {
                stream.close()
                throw error
            }
        }
    }

    // MARK: Sending

    /// Sends one binary message; returns when it is with the system.
    package func send(_ bytes: [UInt8]) async throws(WebSocketError) {
        try await send(.binary(bytes))
    }

    /// Sends one message; returns when it is with the system.
    package func send(_ message: WebSocketMessage) async throws(WebSocketError) {
        try throwIfEnded()
        codec.send(message)
        drain()
        try await flush()
    }

    /// Sends a WebSocket ping; the answer only shows in that something arrives.
    package func ping() async throws(WebSocketError) {
        try throwIfEnded()
        codec.ping()
        drain()
        try await flush()
    }

    /// Ends the connection: sends a close frame, waits up to a second for the server's, and closes
    /// the stream.
    package func close(_ close: WebSocketClose = WebSocketClose(code: 1000)) async {
        if ending == nil {
            codec.close(close)
            drain()
            try? await withTimeout(.seconds(1), for: "the server") { [self] () async throws(WebSocketError) in
                try await finish()
            }
        }
        end(.failed(.closed))
        stream.close()
    }

    private func finish() async throws(WebSocketError) {
        try await flush()
        if isReading {
            _ = await hasEnded.next()
        } else {
            isFinishing = true
            defer { isFinishing = false }
            while try await readMessage() != nil {}
        }
    }

    // MARK: Receiving

    /// The messages, as a sequence; it ends like `nextMessage()`.
    package nonisolated var messages: Messages { Messages(connection: self) }

    /// How the server closed the connection, if it did.
    package var serverClose: WebSocketClose? {
        if case .closed(let close) = ending { close } else { nil }
    }

    /// Waits for the next message; `nil` after a closing handshake. One task at a time.
    package func nextMessage() async throws(WebSocketError) -> WebSocketMessage? {
        guard isFinishing else { return try await readMessage() }
        _ = await hasEnded.next()
        if Task.isCancelled { throw .cancelled }
        guard case .closed = ending else { throw .closed }
        return nil
    }

    private func readMessage() async throws(WebSocketError) -> WebSocketMessage? {
        precondition(!isReading, "two tasks read one WebSocketConnection")
        isReading = true
        defer { isReading = false }
        drain()
        while inbox.isEmpty {
            if case .closed = ending { return nil }
            try throwIfEnded()
            try await readOnce()
        }
        return inbox.removeFirst()
    }

    private func readOnce() async throws(WebSocketError) {
        do throws(WebSocketError) {
            if let bytes = try await stream.read() {
                codec.receive(bytes)
                drain()
                try await flush()
                if ending != nil { stream.close() }
            } else {
                end(.failed(.connectionLost("the server hung up without saying why")))
            }
        } catch {
            if error == .cancelled { throw error }
            end(.failed(error))
            stream.close()
        }
    }

    private func drain() {
        while let output = codec.nextOutput(using: &generator) {
            switch output {
            case .transmit(let bytes): outgoing += bytes
            case .message(let message): inbox.append(message)
            case .pong: break
            case .closed(let close): end(.closed(close))
            case .failed(let violation): end(.failed(.protocolViolation(violation)))
            }
        }
    }

    /// The first ending counts.
    private func end(_ ending: Ending) {
        if self.ending == nil { self.ending = ending }
        hasEnded.finish()
    }

    private func throwIfEnded() throws(WebSocketError) {
        switch ending {
        case .failed(let error): throw error
        case .closed: throw .closed
        case nil: break
        }
    }

    /// Writes in order; a second caller leaves its frames to the first.
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

private func shakeHands(
    _ endpoint: WebSocketEndpoint, _ headers: HTTPHeaders, on stream: any ByteStream
) async throws(WebSocketError) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    let nonce = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    var handshake = WebSocketHandshake(endpoint: endpoint, headers: headers, nonce: nonce)
    try await stream.write(handshake.request)
    while true {
        let outcome: WebSocketHandshake.Outcome?
        if let bytes = try await stream.read() {
            outcome = try handshake.receive(bytes)
        } else {
            outcome = try handshake.receiveEnd()
        }
        switch outcome {
        case .accepted(let rest): return rest
        case .refused(let response):
            throw .upgradeRefused(
                status: response.head.status,
                body: response.text.trimmingCharacters(in: .whitespacesAndNewlines))
        case nil: continue
        }
    }
}

extension WebSocketConnection {
    /// The messages of a connection, for `for try await`.
    package struct Messages: AsyncSequence, AsyncIteratorProtocol, Sendable {
        let connection: WebSocketConnection

        package func makeAsyncIterator() -> Messages { self }

        package func next(isolation actor: isolated (any Actor)? = #isolation)
            async throws(WebSocketError) -> WebSocketMessage?
        {
            try await connection.nextMessage()
        }
    }
}
