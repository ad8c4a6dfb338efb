internal import Foundation
internal import LiveKitProtocol
internal import Logging
internal import MediaCore
internal import SwiftProtobuf
internal import WebSocket

/// The connection to the server's signaling: opens sockets and drives a `SignalSession`.
///
/// It has no task of its own: whoever iterates `events` reads the socket and keeps the pings going,
/// so iterate it without long breaks, in one task. A lost session can be resumed; another `connect`
/// begins a new one.
actor SignalClient {
    private let logger: Logger
    private let network: any SignalNetwork
    private var session = SignalSession(token: "", unixOffset: .zero)
    private var socket: (any SignalSocket)?
    /// What the session was opened with, for resuming it.
    private var opened: (options: SignalOptions, path: SignalURL.Path, participantSID: String)?
    /// Events nobody has taken yet; filled by one read at a time, so it stays short.
    private var pendingEvents: [SignalEvent] = []
    private var opening: Result<Opened, SignalError>?
    private var isDraining = false
    /// Finished when the present socket is closed, for `leave()`.
    private var isClosed = LatestValue<Never>()

    private enum Opened {
        case joined(Livekit_JoinResponse)
        case resumed(Livekit_ReconnectResponse?)
    }

    /// Makes a client that is not connected.
    init(logger: Logger, network: any SignalNetwork = WebSocketNetwork()) {
        self.logger = logger
        self.network = network
    }

    /// The newest token.
    var token: String { session.token }

    /// The last measured way to the server and back.
    var roundTripTime: Duration? { session.roundTripTime }

    // MARK: Opening

    /// Opens a new session: on `/rtc/v1`, or on `/rtc` when the server does not know that path.
    ///
    /// Five seconds for the socket and five for the first message, each.
    func connect(_ options: SignalOptions) async throws(SignalError) -> SignalJoin {
        session = SignalSession(
            token: options.token,
            unixOffset: .nanoseconds(SystemClock.unixNanoseconds - SystemClock.now.nanoseconds))
        let url = try SignalURL(options.url)
        let connector = SignalConnector(network: network, logger: logger)
        let (socket, path) = try await connector.open(url, options)
        guard case .joined(let join) = try await open(.join, on: socket) else { throw .cancelled }
        opened = (options, path, join.participant.sid)
        logger.info("joined \(join.room.name)", metadata: ["participant": "\(join.participant.identity)"])
        return SignalJoin(join: join, isSinglePeerConnection: path == .single)
    }

    /// Goes on with a lost session, with the newest token; `known` is what this side believes to be
    /// true.
    ///
    /// `nil` = the server did not say more than that the session goes on. `.left` = the session is
    /// gone: join anew.
    func resume(
        reason: Livekit_ReconnectReason, known: Livekit_SyncState
    ) async throws(SignalError) -> Livekit_ReconnectResponse? {
        guard let opened else { throw .cancelled }
        var options = opened.options
        options.token = session.token
        let resumption = SignalURL.Resumption(participantSID: opened.participantSID, reason: reason)
        let connector = SignalConnector(network: network, logger: logger)
        let socket = try await connector.open(
            try SignalURL(options.url), options, on: opened.path, resuming: resumption)
        guard case .resumed(let response) = try await open(.resume(known), on: socket) else {
            throw .cancelled
        }
        return response
    }

    private func open(
        _ opening: SignalSession.Opening, on socket: any SignalSocket
    ) async throws(SignalError) -> Opened {
        await closeSocket()
        self.socket = socket
        isClosed = LatestValue()
        self.opening = nil
        session.open(opening, at: SystemClock.now)
        while self.opening == nil, self.socket != nil, !Task.isCancelled {
            await step(socket)
        }
        guard let result = self.opening.take() else {
            await closeSocket()
            throw .cancelled
        }
        do {
            return try result.get()
        } catch {
            await closeSocket()
            throw error
        }
    }

    // MARK: Running

    /// Sends a request; while a lost session is being resumed it waits for that.
    func send(_ message: Livekit_SignalRequest.OneOf_Message) async {
        session.send(message)
        await drain()
    }

    /// Leaves the session: tells the server, which tells the others at once, and closes.
    func leave() async {
        session.leave()
        await drain()
        // Another task may be the one that sends: its turn ends with the close.
        if socket != nil { _ = await isClosed.next(within: .seconds(2)) }
    }

    /// Closes the socket without a word, for a session that is given up.
    func close() async {
        session.abandon()
        pendingEvents = []
        await closeSocket()
    }

    /// What happens in the session; ends when it is left or lost. One task at a time.
    nonisolated var events: AsyncStream<SignalEvent> {
        // Nothing is buffered: each event is fetched when it is asked for.
        AsyncStream { await self.nextEvent() }
    }

    private func nextEvent() async -> SignalEvent? {
        while !Task.isCancelled {
            if !pendingEvents.isEmpty { return pendingEvents.removeFirst() }
            guard let socket else { return nil }
            await step(socket)
        }
        return nil
    }

    /// Waits for one message or for the session's deadline, and does what follows from it.
    private func step(_ socket: any SignalSocket) async {
        switch await SignalInput.next(from: socket, until: session.nextDeadline?.time) {
        case .message(let bytes): session.receive(bytes, at: SystemClock.now)
        case .deadline: session.advance(to: SystemClock.now)
        case .ended(let error): session.lose(error)
        case .cancelled: return
        }
        await drain()
        if case .some = self.socket, session.isFinished { await closeSocket() }
    }

    /// Performs what the session wants, in order; a second caller leaves its part to the first.
    private func drain() async {
        guard !isDraining else { return }
        isDraining = true
        defer { isDraining = false }
        while let output = session.nextOutput() {
            switch output {
            case .transmit(let request): await transmit(request)
            case .joined(let join): opening = .success(.joined(join))
            case .resumed(let response): opening = .success(.resumed(response))
            case .refused(let error): opening = .failure(error)
            case .event(let event): pendingEvents.append(event)
            case .close: await closeSocket()
            }
        }
    }

    private func transmit(_ request: Livekit_SignalRequest) async {
        guard let socket, let bytes: [UInt8] = try? request.serializedBytes() else { return }
        do {
            try await socket.send(bytes)
        } catch {
            // The reader meets the same end and reports it.
            logger.debug("a request was not sent: \(error)")
        }
    }

    private func closeSocket() async {
        guard let socket else { return }
        self.socket = nil
        await socket.close()
        isClosed.finish()
    }
}
