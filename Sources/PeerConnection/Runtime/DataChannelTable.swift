import PeerTransport

/// The data channels of a connection by name, from the wish to open one until it is closed.
struct DataChannelTable {
    /// A message for a channel that has no stream yet.
    struct WaitingMessage {
        let bytes: [UInt8]
        let isText: Bool
    }

    /// What is known of one channel.
    private struct Channel {
        /// What to open; `nil` for a channel that the other side opened.
        var wish: DataChannelDescription?
        /// Its stream, once there is an association.
        var stream: UInt16?
        /// Whether the other side has it too.
        var isOpen = false
        /// Messages sent before there was an association.
        var waiting: [WaitingMessage] = []
    }

    /// Bytes that may wait for the association, over all channels.
    private static let waitingLimit = 1 << 20

    private var channels: [String: Channel] = [:]
    private var labels: [UInt16: String] = [:]
    private var waitingBytes = 0

    /// Remembers the wish for a channel; false when there is one of this name already.
    mutating func want(_ description: DataChannelDescription) -> Bool {
        guard channels[description.label] == nil else { return false }
        channels[description.label] = Channel(wish: description)
        return true
    }

    /// Channels that were wished for and have no stream yet, in a stable order.
    var unopened: [DataChannelDescription] {
        channels.values.filter { $0.stream == nil }.compactMap(\.wish).sorted { $0.label < $1.label }
    }

    /// Notes the stream of a channel this side opened; answers the messages that waited for it.
    mutating func assign(_ stream: UInt16, to label: String) -> [WaitingMessage] {
        labels[stream] = label
        channels[label]?.stream = stream
        let waiting = channels[label]?.waiting ?? []
        waitingBytes -= waiting.reduce(0) { $0 + $1.bytes.count }
        channels[label]?.waiting = []
        return waiting
    }

    /// Notes that a channel can be used. One that the other side opened under a name in use serves for
    /// receiving.
    mutating func opened(_ stream: UInt16, label: String) {
        labels[stream] = label
        if channels[label]?.stream == nil {
            channels[label, default: Channel()].stream = stream
        }
        channels[label]?.isOpen = true
    }

    /// Forgets a stream; answers the name of its channel when that is gone with it.
    mutating func closed(_ stream: UInt16) -> String? {
        guard let label = labels.removeValue(forKey: stream), channels[label]?.stream == stream else {
            return nil
        }
        channels[label] = nil
        return label
    }

    /// Forgets every channel; answers the names of those that were open.
    mutating func removeAll() -> [String] {
        let open = channels.filter(\.value.isOpen).keys.sorted()
        self = DataChannelTable()
        return open
    }

    /// Keeps a message until the channel has a stream; false when too much waits already.
    mutating func park(_ message: WaitingMessage, on label: String) -> Bool {
        guard waitingBytes + message.bytes.count <= Self.waitingLimit else { return false }
        waitingBytes += message.bytes.count
        channels[label]?.waiting.append(message)
        return true
    }

    /// Whether there is, or will be, a channel of this name.
    func contains(_ label: String) -> Bool { channels[label] != nil }

    /// The stream to send on.
    func stream(of label: String) -> UInt16? { channels[label]?.stream }

    /// The name of the channel that uses a stream.
    func label(of stream: UInt16) -> String? { labels[stream] }

    /// Whether both sides have the channel.
    func isOpen(_ label: String) -> Bool { channels[label]?.isOpen ?? false }
}
