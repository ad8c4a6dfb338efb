/// Messages that SCTP had no room for yet, in order, with a bound on their bytes.
///
/// When it is full, new application messages are refused; control messages are few and always fit.
struct SCTPSendQueue {
    /// What became of a message that was offered to SCTP.
    enum Offer { case taken, later, impossible }

    private let limit: Int
    private var messages: [SCTPMessage] = []
    /// How many of `messages` are gone already; they are removed together.
    private var gone = 0
    private var bytesByStream: [UInt16: Int] = [:]
    /// Streams on which a message had to wait for room.
    private var delayed: Set<UInt16> = []
    /// Bytes waiting on all streams.
    private(set) var byteCount = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether an application message of this size may come.
    func hasRoom(for count: Int) -> Bool { byteCount + count <= limit }

    /// Whether nothing waits.
    var isEmpty: Bool { gone == messages.count }

    /// Bytes waiting on one stream.
    func byteCount(on stream: UInt16) -> Int { bytesByStream[stream] ?? 0 }

    mutating func append(_ message: SCTPMessage) {
        messages.append(message)
        byteCount += message.bytes.count
        bytesByStream[message.stream, default: 0] += message.bytes.count
    }

    /// Offers messages in order until one has to wait; answers the streams that had to wait and now need not.
    mutating func flush(_ offer: (SCTPMessage) -> Offer) -> [UInt16] {
        var drained: [UInt16] = []
        while gone < messages.count {
            let message = messages[gone]
            if offer(message) == .later {
                delayed.formUnion(bytesByStream.keys)
                break
            }
            gone += 1
            if remove(message), delayed.remove(message.stream) != nil { drained.append(message.stream) }
        }
        if gone == messages.count || gone > 256 {
            messages.removeFirst(gone)
            gone = 0
        }
        return drained
    }

    mutating func removeAll() {
        self = SCTPSendQueue(limit: limit)
    }

    /// Whether the message was the last one of its stream.
    private mutating func remove(_ message: SCTPMessage) -> Bool {
        byteCount -= message.bytes.count
        let left = byteCount(on: message.stream) - message.bytes.count
        bytesByStream[message.stream] = left > 0 ? left : nil
        return left <= 0
    }
}
