internal import LiveKitProtocol
internal import MediaCore
internal import SwiftProtobuf

/// The signaling protocol of one participant, as a machine: who may speak when, pings, tokens, leaving.
///
/// ```
///           open(.join)         join
///   idle ───────────────▶ opening ───▶ open ──┬─ leave (either side) ──▶ left
///                            ▲                └─ silence, lose() ──▶ lost ──┐
///                            └──────────── open(.resume) ───────────────────┘
/// ```
///
/// The owner opens a socket, calls `open`, feeds messages, and drains `nextOutput()` after every
/// call. While the connection is lost or resuming, what only makes sense in a running session waits
/// in a queue of 256 requests, of which the oldest go first when it overflows.
struct SignalSession: Sendable {
    /// What the owner has to do next.
    enum Output: Sendable {
        /// Send this message.
        case transmit(Livekit_SignalRequest)
        /// The session is open.
        case joined(Livekit_JoinResponse)
        /// The session goes on; `nil` from servers that do not say so themselves.
        case resumed(Livekit_ReconnectResponse?)
        /// Tell the room.
        case event(SignalEvent)
        /// The session was not opened; close the socket.
        case refused(SignalError)
        /// Close the socket.
        case close
    }

    /// How a socket is used.
    enum Opening: Sendable {
        case join
        /// Goes on with the session; the state is the first message sent.
        case resume(Livekit_SyncState)
    }

    private enum State {
        case idle
        case opening(Opening, since: MonotonicTime)
        case open
        case lost
        case left
    }

    /// The newest token; it replaces the first one for every later connection.
    private(set) var token: String
    /// The last measured way to the server and back.
    var roundTripTime: Duration? { heartbeat.roundTripTime }
    /// Messages that could not be read.
    private(set) var malformedCount = 0

    /// How long the server may take for its first message.
    private let openingTimeout: Duration
    private var state = State.idle
    private var heartbeat: SignalHeartbeat
    private var outputs: [Output] = []
    /// Requests that wait for a resumed session.
    private var waiting: [Livekit_SignalRequest] = []
    /// Events that arrived before the session was open.
    private var early: [SignalEvent] = []

    /// Makes an idle session. `unixOffset` is Unix time minus monotonic time.
    init(token: String, unixOffset: Duration, openingTimeout: Duration = .seconds(5)) {
        self.token = token
        heartbeat = SignalHeartbeat(unixOffset: unixOffset)
        self.openingTimeout = openingTimeout
    }

    // MARK: Commands

    /// A socket is open; the server speaks first.
    mutating func open(_ opening: Opening, at now: MonotonicTime) {
        state = .opening(opening, since: now)
        early = []
    }

    /// Sends a request, now or when the session goes on.
    mutating func send(_ message: Livekit_SignalRequest.OneOf_Message) {
        var request = Livekit_SignalRequest()
        request.message = message
        switch state {
        case .open:
            outputs.append(.transmit(request))
        case .idle, .opening, .lost:
            if waiting.count == 256 { waiting.removeFirst() }
            waiting.append(request)
        case .left:
            break
        }
    }

    /// Leaves for good: says so, and closes.
    mutating func leave() {
        if case .open = state {
            var request = Livekit_SignalRequest()
            request.leave.reason = .clientInitiated
            request.leave.action = .disconnect
            outputs.append(.transmit(request))
        }
        finish()
    }

    /// The socket has ended, with the reason.
    mutating func lose(_ error: SignalError) {
        switch state {
        case .open:
            state = .lost
            outputs.append(.event(.lost(error)))
        case .opening:
            state = .lost
            outputs.append(.refused(error))
        case .idle, .lost, .left:
            break
        }
    }

    /// Gives the session up without a word.
    mutating func abandon() {
        state = .left
        waiting = []
        outputs = []
    }

    // MARK: Input

    /// Takes one message of the server; what cannot be read is counted and dropped.
    mutating func receive(_ bytes: [UInt8], at now: MonotonicTime) {
        heartbeat.hear(at: now)
        guard let response = try? Livekit_SignalResponse(serializedBytes: bytes) else {
            malformedCount &+= 1
            return
        }
        // Members this version does not know arrive regularly.
        guard let message = response.message else { return }
        switch state {
        case .opening(let opening, _): open(opening, with: message, at: now)
        case .open: handle(message, at: now)
        case .idle, .lost, .left: break
        }
    }

    private mutating func open(
        _ opening: Opening, with message: Livekit_SignalResponse.OneOf_Message, at now: MonotonicTime
    ) {
        switch (opening, message) {
        case (_, .leave(let leave)):
            outputs.append(.refused(.left(leave.reason, action: leave.action)))
            finish()
        case (.join, .join(let join)):
            heartbeat.configure(interval: join.pingInterval, timeout: join.pingTimeout)
            becomeOpen(.joined(join), at: now)
        case (.join, _):
            hold(message)
        case (.resume(let known), .reconnect(let response)):
            send(known, .resumed(response), at: now)
        case (.resume(let known), _):
            // Older servers say nothing else; any message means that the session goes on.
            send(known, .resumed(nil), at: now)
            handle(message, at: now)
        }
    }

    private mutating func becomeOpen(_ output: Output, at now: MonotonicTime) {
        state = .open
        heartbeat.start(at: now)
        outputs.append(output)
        outputs += early.map { .event($0) }
        early = []
        outputs += waiting.map { .transmit($0) }
        waiting = []
    }

    /// After a resume the state goes out before anything else.
    private mutating func send(_ known: Livekit_SyncState, _ output: Output, at now: MonotonicTime) {
        var request = Livekit_SignalRequest()
        request.syncState = known
        outputs.append(.transmit(request))
        becomeOpen(output, at: now)
    }

    /// Keeps a message that came before the join; more than a few are nonsense.
    private mutating func hold(_ message: Livekit_SignalResponse.OneOf_Message) {
        if early.count < 64, let event = event(for: message) { early.append(event) }
    }

    private mutating func handle(_ message: Livekit_SignalResponse.OneOf_Message, at now: MonotonicTime) {
        switch message {
        case .pongResp(let pong): heartbeat.receive(pong, at: now)
        case .leave(let leave) where leave.action == .disconnect:
            outputs.append(.event(.message(message)))
            finish()
        case .leave:
            // The room decides how to come back; the end of this socket is no news then.
            outputs.append(.event(.message(message)))
            outputs.append(.close)
            state = .lost
        default:
            if let event = event(for: message) { outputs.append(.event(event)) }
        }
    }

    /// What a message means to the room; `nil` when it is none of its business.
    private mutating func event(for message: Livekit_SignalResponse.OneOf_Message) -> SignalEvent? {
        switch message {
        case .pong, .pongResp, .join, .reconnect:
            return nil
        case .refreshToken(let newer):
            guard !newer.isEmpty else { return nil }
            token = newer
            return .tokenRefreshed(newer)
        case .roomMoved(let moved):
            if !moved.token.isEmpty { token = moved.token }
            return .message(message)
        default:
            return .message(message)
        }
    }

    private mutating func finish() {
        state = .left
        waiting = []
        outputs.append(.close)
    }

    // MARK: Time

    /// Lets time pass: pings, and the two ways to time out.
    mutating func advance(to now: MonotonicTime) {
        switch state {
        case .opening(_, let since) where now >= since + openingTimeout:
            outputs.append(
                .refused(.timedOut("The server accepted the connection but did not open a session in time.")))
            outputs.append(.close)
            state = .lost
        case .open:
            if heartbeat.isSilent(at: now) {
                lose(.silent)
                outputs.append(.close)
            } else if let ping = heartbeat.takePing(at: now) {
                transmit(ping)
            }
        default:
            break
        }
    }

    /// When `advance(to:)` has something to do.
    var nextDeadline: Deadline? {
        switch state {
        case .opening(_, let since):
            Deadline(since + openingTimeout, .join)
        case .open:
            heartbeat.nextDeadline
        case .idle, .lost, .left:
            nil
        }
    }

    /// Both forms, as older servers know only the first.
    private mutating func transmit(_ ping: Livekit_Ping) {
        var plain = Livekit_SignalRequest()
        plain.ping = ping.timestamp
        var request = Livekit_SignalRequest()
        request.pingReq = ping
        outputs += [.transmit(plain), .transmit(request)]
    }

    // MARK: Output

    /// Takes the next thing to do, until `nil`.
    mutating func nextOutput() -> Output? {
        outputs.isEmpty ? nil : outputs.removeFirst()
    }

    /// Whether nothing more will come.
    var isFinished: Bool {
        switch state {
        case .left, .lost: outputs.isEmpty
        case .idle, .opening, .open: false
        }
    }
}
