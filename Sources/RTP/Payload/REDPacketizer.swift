/// Sends each packet of sound again with the next ones, so that a lost one costs nothing (RFC 2198 §3).
package struct REDPacketizer: Sendable {
    /// A packet that may be repeated.
    private struct Copy: Sendable {
        var timestamp: UInt32
        var bytes: [UInt8]
    }

    private let payloadType: PayloadType
    /// How often each packet is repeated, 0...8.
    private var generations: Int
    /// The latest packets, oldest first, at most `generations`.
    private var history: [Copy] = []

    /// Makes a packetizer for sound of type `payloadType` that repeats each packet up to `generations`
    /// (1...8) times.
    package init(payloadType: PayloadType, generations: Int = 2) {
        self.payloadType = payloadType
        self.generations = min(max(1, generations), 8)
        history.reserveCapacity(9)
    }

    /// Changes how often packets are repeated, 0...8, from the next one on.
    package mutating func set(generations: Int) {
        self.generations = min(max(0, generations), 8)
    }

    /// Adds to `bytes` the payload that holds `sound` and copies of the packets before it, as far as
    /// `maximumPayload` allows.
    package mutating func packetize(
        _ sound: [UInt8], timestamp: UInt32, maximumPayload: Int, into bytes: inout [UInt8]
    ) {
        let first = firstCopy(for: sound, timestamp: timestamp, maximumPayload: maximumPayload)
        for index in first..<history.count {
            bytes.append(0x80 | payloadType.value)
            let offset = (timestamp &- history[index].timestamp) << 10
            let field = offset | UInt32(history[index].bytes.count)
            bytes.append(UInt8(truncatingIfNeeded: field >> 16))
            bytes.append(bigEndian: UInt16(truncatingIfNeeded: field))
        }
        bytes.append(payloadType.value)
        for index in first..<history.count { bytes.append(contentsOf: history[index].bytes) }
        bytes.append(contentsOf: sound)

        history.append(Copy(timestamp: timestamp, bytes: sound))
        if history.count > generations { history.removeFirst(history.count - generations) }
    }

    /// Where in `history` the packets to repeat begin: the newest ones that fit, and no older one behind one that
    /// does not.
    private func firstCopy(for sound: [UInt8], timestamp: UInt32, maximumPayload: Int) -> Int {
        var room = maximumPayload - 1 - sound.count
        var first = history.endIndex
        while first > history.startIndex {
            let copy = history[first - 1]
            let distance = timestamp &- copy.timestamp
            room -= 4 + copy.bytes.count
            // 14 bits of offset, 10 of length.
            guard room >= 0, (1...0x3FFF).contains(distance), copy.bytes.count <= 0x3FF else { break }
            first -= 1
        }
        return first
    }
}
