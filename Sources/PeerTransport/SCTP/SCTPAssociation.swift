import CUsrSCTP

/// One SCTP association with its data channels, inside a DTLS session.
///
/// ## Flow
/// Packets from the peer go in by `receive`, packets for it come out of the closure given at creation.
/// Commands may leave events: after every call, drain `nextEvent()`.
///
/// ## Thread and teardown
/// On the network thread only, like its `SCTPStack`. Call `close()` to tell the peer; letting go of an open
/// association frees it without a word.
package final class SCTPAssociation {
    private let token: UInt
    private let settings: SCTPSettings
    private let stack: SCTPStack
    private let sendPacket: (UnsafeRawBufferPointer) -> Void
    private let notify: () -> Void

    private var socket: SCTPSocket?
    private var channels: DataChannelSession
    private var assembler = MessageAssembler(limit: SCTPSettings.maximumReceivedMessage)
    private var queue: SCTPSendQueue
    /// Streams whose outgoing half is to be reset when nothing waits on them.
    private var resets: [UInt16] = []
    private var events: [DataChannelEvent] = []
    /// What the library said while it was running; looked at when it has returned.
    private var inbox: [Arrival] = []
    private var state = State.connecting

    private enum State { case connecting, connected, over }

    private enum Arrival {
        case message([UInt8], payloadProtocol: UInt32, stream: UInt16)
        case notification(SCTPNotification)
    }

    init(
        token: UInt, settings: SCTPSettings, stack: SCTPStack,
        send: @escaping (UnsafeRawBufferPointer) -> Void, notify: @escaping () -> Void
    ) {
        self.token = token
        self.settings = settings
        self.stack = stack
        self.sendPacket = send
        self.notify = notify
        channels = DataChannelSession(role: settings.role, streamLimit: SCTPSocket.streamCount)
        queue = SCTPSendQueue(limit: settings.maximumBuffered)
    }

    deinit {
        socket?.close()
        stack.forget(token)
    }

    /// Whether messages pass.
    package var isConnected: Bool { state == .connected }

    /// Takes one SCTP packet from the peer.
    package func receive(_ packet: UnsafeRawBufferPointer) {
        stack.noteTraffic()
        socket?.receive(packet)
        settle()
    }

    /// Opens a channel; answers its stream, or `nil` when none is free. It can be used at once.
    package func open(_ description: DataChannelDescription) -> UInt16? {
        guard state != .over else { return nil }
        let stream = channels.open(description)
        settle()
        return stream
    }

    /// Sends a message; false when the channel is not there, the message is too long or the queue is full.
    package func send(_ bytes: [UInt8], isText: Bool, on stream: UInt16) -> Bool {
        guard state != .over, bytes.count <= settings.maximumMessage, queue.hasRoom(for: bytes.count) else {
            return false
        }
        let isAccepted = channels.send(bytes, isText: isText, on: stream)
        settle()
        return isAccepted
    }

    /// Bytes given to `send` on a stream that SCTP has not taken yet.
    package func bufferedAmount(on stream: UInt16) -> Int { queue.byteCount(on: stream) }

    /// Closes one channel after what was sent on it.
    package func close(_ stream: UInt16) {
        channels.close(stream)
        settle()
    }

    /// Ends the association at once; the peer hears it.
    package func close() {
        guard let socket else { return }
        self.socket = nil
        socket.close()
        end()
        settle()
        stack.forget(token)
    }

    /// The next event, oldest first; `nil` when all have been taken.
    package func nextEvent() -> DataChannelEvent? {
        events.isEmpty ? nil : events.removeFirst()
    }

    /// Messages from the peer that were dropped: too long, of no channel, of no known kind.
    package var droppedMessages: Int { channels.dropped + assembler.dropped }

    // MARK: For the stack

    func connect() throws(SCTPError) {
        socket = try SCTPSocket(token: token, port: settings.port)
    }

    /// Whether the library has timers to run soon.
    var isBusy: Bool {
        switch state {
        case .connecting: true
        case .connected: !queue.isEmpty || !resets.isEmpty || socket?.hasUnacknowledgedData == true
        case .over: false
        }
    }

    /// Goes on after the library's timers have run.
    func finishTick() {
        settle()
        if !events.isEmpty { notify() }
    }

    // MARK: Called by the library

    func transmit(_ packet: UnsafeRawBufferPointer) {
        stack.noteTraffic()
        sendPacket(packet)
    }

    func receive(_ part: UnsafeRawBufferPointer, _ info: sctp_rcvinfo, isLast: Bool) {
        let isUnordered = Int32(info.rcv_flags) & SCTP_UNORDERED != 0
        guard
            let message = assembler.receive(part, on: info.rcv_sid, isUnordered: isUnordered, isLast: isLast)
        else {
            return
        }
        inbox.append(
            .message(message, payloadProtocol: UInt32(bigEndian: info.rcv_ppid), stream: info.rcv_sid))
    }

    func receive(_ notification: SCTPNotification) {
        if case .incomingReset(let streams) = notification {
            for stream in streams { assembler.forget(stream) }
        }
        inbox.append(.notification(notification))
    }

    // MARK: Outside the library

    /// Takes what the library said, performs what the channels want and retries what had to wait.
    private func settle() {
        repeat {
            readInbox()
            while let output = channels.nextOutput() { perform(output) }
            sendWaiting()
        } while performResets() || !inbox.isEmpty
    }

    private func readInbox() {
        for arrival in exchange(&inbox, with: []) {
            switch arrival {
            case .message(let bytes, let payloadProtocol, let stream):
                channels.receive(bytes, payloadProtocol: payloadProtocol, on: stream)
            case .notification(let notification): act(on: notification)
            }
        }
    }

    private func act(on notification: SCTPNotification) {
        switch notification {
        case .connected(let streams):
            guard state == .connecting else { return }
            state = .connected
            channels.limitStreams(to: streams)
            events.append(.connected)
        case .disconnected: end()
        case .incomingReset(let streams): channels.receiveReset(of: streams)
        case .outgoingReset(let streams): channels.outgoingReset(of: streams)
        case .resetFailed(let streams): resets += streams
        case .other: break
        }
    }

    private func end() {
        guard state != .over else { return }
        state = .over
        queue.removeAll()
        resets.removeAll()
        channels.disconnect()
    }

    private func perform(_ output: DataChannelSession.Output) {
        switch output {
        case .transmit(let message): queue.append(message)
        case .resetOutgoing(let stream): resets.append(stream)
        case .event(let event): events.append(event)
        }
    }

    private func sendWaiting() {
        guard isConnected, let socket, !queue.isEmpty else { return }
        let drained = queue.flush { socket.send($0) }
        events += drained.map { .drained(stream: $0) }
    }

    /// Asks for resets that are due; whether there may be more to do now.
    private func performResets() -> Bool {
        guard isConnected, let socket, !resets.isEmpty else { return false }
        let due = resets.filter { queue.byteCount(on: $0) == 0 }
        let done = due.filter { socket.resetOutgoing($0) }
        resets.removeAll { done.contains($0) }
        return !done.isEmpty
    }
}
