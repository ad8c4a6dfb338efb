/// The channels of one association: opening, acknowledging, closing (RFC 8831, RFC 8832).
///
/// A machine: it knows streams and messages, and nothing of SCTP's packets.
///
/// ## Life of a channel
/// Ours: `open` sends OPEN, the ACK makes it `.opened`. The peer's: its OPEN is answered by ACK and is
/// `.opened` at once. Closing resets our outgoing half; the peer answers by resetting its own (RFC 8831
/// §6.7). When both halves are gone, the channel is `.closed` and its number is free again.
struct DataChannelSession {
    /// What the session wants done.
    enum Output: Hashable {
        case transmit(SCTPMessage)
        case resetOutgoing(stream: UInt16)
        case event(DataChannelEvent)
    }

    private struct Channel {
        let description: DataChannelDescription
        /// The peer knows the channel, so messages may overtake each other.
        var isAcknowledged: Bool
        /// We have asked for our half to be reset.
        var isClosing = false
        /// Our half is reset.
        var isOutgoingReset = false
        /// The peer's half is reset.
        var isIncomingReset = false
    }

    private let role: DTLSRole
    /// Streams in each direction.
    private var streamLimit: UInt16
    private var channels: [UInt16: Channel] = [:]
    private var outputs: [Output] = []
    /// Messages that fit no channel or no rule, and were dropped.
    private(set) var dropped = 0

    init(role: DTLSRole, streamLimit: UInt16) {
        self.role = role
        self.streamLimit = streamLimit
    }

    /// Takes what SCTP negotiated; never more than before.
    mutating func limitStreams(to count: UInt16) {
        streamLimit = min(streamLimit, count)
    }

    /// Opens a channel on a free stream of our parity; `nil` when there is none.
    mutating func open(_ description: DataChannelDescription) -> UInt16? {
        let first: UInt16 = role == .client ? 0 : 1
        guard let stream = stride(from: first, to: streamLimit, by: 2).first(where: { channels[$0] == nil })
        else {
            return nil
        }
        channels[stream] = Channel(description: description, isAcknowledged: false)
        transmitControl(.open(description), on: stream)
        return stream
    }

    /// Sends an application message; false when the channel is not there or is closing.
    mutating func send(_ bytes: [UInt8], isText: Bool, on stream: UInt16) -> Bool {
        guard let channel = channels[stream], !channel.isClosing else { return false }
        outputs.append(
            .transmit(
                SCTPMessage(
                    stream: stream, payloadProtocol: PayloadProtocol(isText: isText, isEmpty: bytes.isEmpty),
                    bytes: bytes.isEmpty ? [0] : bytes,
                    // RFC 8832 §6: in order until the peer has acknowledged the channel.
                    isOrdered: channel.description.isOrdered || !channel.isAcknowledged,
                    reliability: channel.description.reliability)))
        return true
    }

    /// Closes a channel after what was sent on it.
    mutating func close(_ stream: UInt16) {
        guard let channel = channels[stream], !channel.isClosing else { return }
        channels[stream]?.isClosing = true
        outputs.append(.resetOutgoing(stream: stream))
    }

    /// Takes a whole message from the peer.
    mutating func receive(_ bytes: [UInt8], payloadProtocol: UInt32, on stream: UInt16) {
        switch PayloadProtocol(rawValue: payloadProtocol) {
        case .control: receiveControl(bytes, on: stream)
        case .text: deliver(bytes, isText: true, on: stream)
        case .binary: deliver(bytes, isText: false, on: stream)
        case .emptyText: deliver([], isText: true, on: stream)
        case .emptyBinary: deliver([], isText: false, on: stream)
        case nil: dropped += 1
        }
    }

    /// The peer has reset its half of these streams; no streams mean all.
    mutating func receiveReset(of streams: [UInt16]) {
        for stream in streams.isEmpty ? Array(channels.keys) : streams {
            guard channels[stream] != nil else { continue }
            channels[stream]?.isIncomingReset = true
            close(stream)
            forgetIfDone(stream)
        }
    }

    /// Our half of these streams has been reset; no streams mean all.
    mutating func outgoingReset(of streams: [UInt16]) {
        for stream in streams.isEmpty ? Array(channels.keys) : streams
        where channels[stream]?.isClosing == true {
            channels[stream]?.isOutgoingReset = true
            forgetIfDone(stream)
        }
    }

    /// The association is gone.
    mutating func disconnect() {
        channels.removeAll()
        outputs.append(.event(.disconnected))
    }

    /// The next thing to do, oldest first.
    mutating func nextOutput() -> Output? {
        outputs.isEmpty ? nil : outputs.removeFirst()
    }

    private mutating func receiveControl(_ bytes: [UInt8], on stream: UInt16) {
        switch DataChannelProtocol(parsing: bytes) {
        case .open(let description): acceptOpen(description, on: stream)
        case .acknowledge:
            guard let channel = channels[stream], !channel.isAcknowledged else {
                dropped += 1
                return
            }
            acknowledge(channel, on: stream)
        case nil: dropped += 1
        }
    }

    private mutating func acceptOpen(_ description: DataChannelDescription, on stream: UInt16) {
        // RFC 8832 §6 reserves one parity for the peer; a stream in use or of ours is an error of the peer.
        let isPeersParity = (stream % 2 == 0) == (role == .server)
        guard isPeersParity, stream < streamLimit, channels[stream] == nil else {
            dropped += 1
            return
        }
        channels[stream] = Channel(description: description, isAcknowledged: true)
        transmitControl(.acknowledge, on: stream)
        outputs.append(.event(.opened(stream: stream, description, byPeer: true)))
    }

    private mutating func acknowledge(_ channel: Channel, on stream: UInt16) {
        channels[stream]?.isAcknowledged = true
        outputs.append(.event(.opened(stream: stream, channel.description, byPeer: false)))
    }

    private mutating func deliver(_ bytes: [UInt8], isText: Bool, on stream: UInt16) {
        guard let channel = channels[stream], !channel.isIncomingReset else {
            dropped += 1
            return
        }
        // An unordered message may overtake the ACK; it proves the same.
        if !channel.isAcknowledged { acknowledge(channel, on: stream) }
        outputs.append(.event(.message(stream: stream, bytes: bytes, isText: isText)))
    }

    private mutating func transmitControl(_ message: DataChannelProtocol, on stream: UInt16) {
        outputs.append(
            .transmit(
                SCTPMessage(
                    stream: stream, payloadProtocol: .control, bytes: message.bytes, isOrdered: true,
                    reliability: .reliable)))
    }

    private mutating func forgetIfDone(_ stream: UInt16) {
        guard let channel = channels[stream], channel.isOutgoingReset, channel.isIncomingReset else { return }
        channels[stream] = nil
        outputs.append(.event(.closed(stream: stream)))
    }
}
