/// The client side of RFC 6455 after the handshake, as a machine: bytes in, messages out, and the
/// reverse.
///
/// Drain `nextOutput(using:)` after every call. Pings are answered and a close is echoed by the
/// machine itself. After `.closed` or `.failed` it ignores everything; the owner writes what is
/// left and closes the stream.
package struct WebSocketCodec: Sendable {
    /// What the owner has to do next.
    package enum Output: Hashable, Sendable {
        /// Write these bytes.
        case transmit([UInt8])
        /// A message arrived.
        case message(WebSocketMessage)
        /// The answer to a ping of ours, or an unasked one (RFC 6455 §5.5.3).
        case pong([UInt8])
        /// The closing handshake is over; no more messages.
        case closed(WebSocketClose)
        /// The server broke the protocol; a close frame with the code is among the outputs before
        /// this one.
        case failed(WebSocketViolation)
    }

    private enum Pending {
        case frame(WebSocketFrame)
        case output(Output)
    }

    /// Largest message taken, fragments together.
    private let messageLimit: Int
    /// Bytes that are not a whole frame yet.
    private var input: [UInt8] = []
    /// Where the unread part of `input` starts.
    private var position = 0
    /// The message whose fragments are arriving.
    private var fragments: (opcode: WebSocketOpcode, bytes: [UInt8])?
    /// What waits for `nextOutput`, oldest first.
    private var pending: [Pending] = []
    /// Whether our close frame is out: nothing but it may be sent afterwards.
    private var hasSentClose = false
    /// Whether the connection is over.
    private var isFinished = false

    /// Makes the codec of an open connection. Messages above `messageLimit` bytes end it with 1009.
    package init(messageLimit: Int = 4 << 20) {
        self.messageLimit = messageLimit
    }

    // MARK: Commands

    /// Sends one message as one frame; does nothing once a close frame is out.
    package mutating func send(_ message: WebSocketMessage) {
        switch message {
        case .text(let text): send(.text, Array(text.utf8))
        case .binary(let bytes): send(.binary, bytes)
        }
    }

    /// Sends a ping of at most 125 bytes.
    package mutating func ping(_ payload: [UInt8] = []) {
        send(.ping, Array(payload.prefix(125)))
    }

    /// Starts the closing handshake (RFC 6455 §7.1.2); messages still arrive until the server answers.
    package mutating func close(_ close: WebSocketClose = WebSocketClose(code: 1000)) {
        var payload: [UInt8] = []
        if WebSocketClose.isSendable(close.code) {
            payload.appendBigEndian(close.code)
            payload += close.reason.utf8.prefix(123)
        }
        send(.close, payload)
        hasSentClose = true
    }

    private mutating func send(_ opcode: WebSocketOpcode, _ payload: [UInt8]) {
        guard !hasSentClose, !isFinished else { return }
        pending.append(.frame(WebSocketFrame(opcode: opcode, payload: payload)))
    }

    // MARK: Input

    /// Takes bytes of the server, cut anywhere.
    package mutating func receive(_ bytes: some Sequence<UInt8>) {
        guard !isFinished else { return }
        input.append(contentsOf: bytes)
        do throws(WebSocketViolation) {
            while !isFinished, let (header, payload) = try nextFrame() {
                try handle(header, payload)
            }
        } catch {
            fail(error)
        }
        input.removeFirst(position)
        position = 0
    }

    private mutating func nextFrame() throws(WebSocketViolation) -> (WebSocketFrameHeader, ArraySlice<UInt8>)?
    {
        guard let header = try WebSocketFrameHeader(input[position...]) else { return nil }
        // Before waiting for the payload, so that a false length costs no memory.
        let soFar = header.opcode.isControl ? 0 : fragments?.bytes.count ?? 0
        guard header.payloadLength <= messageLimit - soFar else { throw .tooLarge(messageLimit) }
        let start = position + header.length
        let end = start + header.payloadLength
        guard end <= input.count else { return nil }
        position = end
        return (header, input[start..<end])
    }

    private mutating func handle(
        _ header: WebSocketFrameHeader, _ payload: ArraySlice<UInt8>
    ) throws(WebSocketViolation) {
        switch header.opcode {
        case .ping:
            send(.pong, Array(payload))
        case .pong:
            pending.append(.output(.pong(Array(payload))))
        case .close:
            try finish(payload)
        case .text, .binary:
            guard fragments == nil else {
                throw .protocolError("a message begins before the one before it has ended")
            }
            if header.isFinal {
                try deliver(header.opcode, payload)
            } else {
                fragments = (header.opcode, Array(payload))
            }
        case .continuation:
            guard var message = fragments.take() else {
                throw .protocolError("a continuation has no beginning")
            }
            message.bytes += payload
            if header.isFinal {
                try deliver(message.opcode, message.bytes[...])
            } else {
                fragments = message
            }
        }
    }

    private mutating func deliver(
        _ opcode: WebSocketOpcode, _ payload: ArraySlice<UInt8>
    ) throws(WebSocketViolation) {
        guard opcode == .text else {
            pending.append(.output(.message(.binary(Array(payload)))))
            return
        }
        guard let text = String(validating: payload, as: UTF8.self) else { throw .notText }
        pending.append(.output(.message(.text(text))))
    }

    /// RFC 6455 §5.5.1: the payload is empty, or a code and a text.
    private mutating func finish(_ payload: ArraySlice<UInt8>) throws(WebSocketViolation) {
        var received = WebSocketClose.withoutCode
        if !payload.isEmpty {
            let code = payload.prefix(2).reduce(UInt16(0)) { $0 << 8 | UInt16($1) }
            guard payload.count >= 2, WebSocketClose.isSendable(code) else {
                throw .protocolError("a close frame has no valid code")
            }
            guard let reason = String(validating: payload.dropFirst(2), as: UTF8.self) else { throw .notText }
            received = WebSocketClose(code: code, reason: reason)
        }
        close(WebSocketClose(code: received.code))
        isFinished = true
        pending.append(.output(.closed(received)))
    }

    private mutating func fail(_ violation: WebSocketViolation) {
        close(WebSocketClose(code: violation.code))
        isFinished = true
        pending.append(.output(.failed(violation)))
    }

    // MARK: Output

    /// Takes the next thing to do, until `nil`. The generator makes the mask of a frame (RFC 6455
    /// §5.3: unpredictable).
    package mutating func nextOutput(using generator: inout some RandomNumberGenerator) -> Output? {
        guard !pending.isEmpty else { return nil }
        switch pending.removeFirst() {
        case .frame(let frame): return .transmit(frame.encoded(mask: generator.next()))
        case .output(let output): return output
        }
    }
}
