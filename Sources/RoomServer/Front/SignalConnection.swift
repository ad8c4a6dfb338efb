import Logging
import MediaCore
import NIOCore
import NIOWebSocket

/// One client's WebSocket: carries messages between it and its room until either side ends it.
struct SignalConnection {
    /// Who is at the other end.
    let admission: Admission
    /// The rooms.
    let hub: RoomHub
    let logger: Logger

    /// How often the client is pinged.
    private static let pingInterval = Duration.seconds(10)
    /// How long a client may be silent, although it is pinged, in milliseconds.
    private static let silence = 35_000
    /// How long the client may take to close after we did.
    private static let farewell = Duration.seconds(1)

    /// Serves the client until it leaves, is sent away or vanishes.
    func run(on socket: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>) async throws {
        try await socket.executeThenClose { inbound, outbound in
            let mailbox = Mailbox()
            guard let seat = await hub.enter(admission, mailbox: mailbox) else {
                // The mailbox holds the reason; it is closed already.
                try await send(mailbox, to: outbound)
                return
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask(name: "media") { await seat.room.run(seat.sid) }
                await carry(inbound, outbound, mailbox, for: seat)
                group.cancelAll()
            }
            await seat.room.signalClosed(seat.sid)
        }
    }

    /// Carries messages both ways until one way ends.
    private func carry(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
        _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>, _ mailbox: Mailbox, for seat: Seat
    ) async {
        let pulse = AtomicNumber(Int(SystemClock.now.milliseconds))
        await withTaskGroup(of: Void.self) { group in
            group.addTask(name: "signal out") { try? await send(mailbox, to: outbound) }
            group.addTask(name: "signal ping") { try? await ping(outbound, pulse) }
            group.addTask(name: "signal in") { try? await receive(inbound, outbound, pulse, for: seat) }
            await group.next()
            group.cancelAll()
        }
    }

    private func send(_ mailbox: Mailbox, to outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>)
        async throws
    {
        for await bytes in mailbox.messages {
            try await outbound.write(
                WebSocketFrame(fin: true, opcode: .binary, data: ByteBuffer(bytes: bytes)))
        }
        guard !Task.isCancelled else { return }
        var code = ByteBuffer()
        code.write(webSocketErrorCode: .normalClosure)
        try await outbound.write(WebSocketFrame(fin: true, opcode: .connectionClose, data: code))
        try await Task.sleep(for: Self.farewell)
    }

    private func ping(
        _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>, _ pulse: AtomicNumber
    ) async throws {
        while Int(SystemClock.now.milliseconds) - pulse.value < Self.silence {
            try await Task.sleep(for: Self.pingInterval)
            try await outbound.write(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer()))
        }
        logger.info("a client fell silent", metadata: ["participant": "\(admission.entry.identity)"])
    }

    private func receive(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
        _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>, _ pulse: AtomicNumber, for seat: Seat
    ) async throws {
        for try await frame in inbound {
            pulse.value = Int(SystemClock.now.milliseconds)
            var data = frame.unmaskedData
            switch frame.opcode {
            case .binary:
                await seat.room.receive(data.readBytes(length: data.readableBytes) ?? [], from: seat.sid)
            case .ping:
                try await outbound.write(WebSocketFrame(fin: true, opcode: .pong, data: data))
            case .connectionClose:
                // RFC 6455 §5.5.1: the code is echoed.
                try await outbound.write(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
                return
            default:
                break
            }
        }
    }
}

/// What a room has to tell one client, in order, until it is closed.
///
/// Bounded: a client that does not read thousands of messages is as good as gone, and its mailbox is closed.
struct Mailbox: Sendable {
    /// What is to be sent.
    let messages: AsyncStream<[UInt8]>
    private let inlet: AsyncStream<[UInt8]>.Continuation

    private static let bound = 4_096

    /// Makes an empty mailbox.
    init() {
        (messages, inlet) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.bound))
    }

    /// Adds a message; a full mailbox is closed.
    func post(_ message: [UInt8]) {
        if case .dropped = inlet.yield(message) { inlet.finish() }
    }

    /// Ends the connection after what was posted before.
    func close() {
        inlet.finish()
    }
}

/// A participant's place in a room.
struct Seat: Sendable {
    /// The room.
    let room: ServerRoom
    /// The session.
    let sid: ParticipantSID
}
