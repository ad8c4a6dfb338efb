package import MediaCore

/// Packets that carry nothing new, to learn how much the path carries.
extension SendStream {
    /// What a packet of nothing is filled with: whole words, below what one byte can count (RFC 3550 §5.1).
    private static let paddingBytes: UInt8 = 224
    /// So far back a packet is worth sending again.
    private static let repeatable: UInt16 = 48
    /// The same packet is not sent again so soon.
    private static let pause: Duration = .milliseconds(200)

    /// Whether the stream can fill the path: it has begun, and repeats have their own numbers.
    package var canPad: Bool {
        guard let lastWritten, let entry = cache.entry(lastWritten.sequence) else { return false }
        return retransmissionType(of: entry.header.payloadType) != nil
    }

    /// When something left for the last time.
    package var lastDeparture: MonotonicTime? { lastWritten?.time }

    /// Writes a packet of at most about `byteCount` bytes on the stream of repeats: a recent one once more, which
    /// helps if it was lost, or padding alone. False when neither is possible.
    package mutating func writePadding(
        upTo byteCount: Int, into buffer: inout PacketBuffer, at departure: Departure
    ) -> Bool {
        guard let lastWritten, let entry = cache.entry(lastWritten.sequence),
            let type = retransmissionType(of: entry.header.payloadType),
            let source = configuration.retransmissionSSRC
        else { return false }
        statistics.paddingPackets += 1
        if let sequence = repeatCandidate(before: lastWritten.sequence, upTo: byteCount),
            cache.beginRepeat(sequence, at: departure.time, pause: Self.pause)
        {
            return writeRepeat(of: sequence, into: &buffer, at: departure)
        }
        var header = RTPHeader(
            payloadType: type, sequenceNumber: nextRepeatSequence, timestamp: entry.header.timestamp,
            ssrc: source)
        nextRepeatSequence &+= 1
        fill(&header, for: departure)
        header.extensions.repairedRid = configuration.rid
        header.write(into: &buffer, map: configuration.extensions)
        return buffer.appendPadding(Self.paddingBytes)
    }

    /// The newest packet that fills at least half of `byteCount` and was not sent again just now.
    private func repeatCandidate(before last: UInt16, upTo byteCount: Int) -> UInt16? {
        (0..<Self.repeatable).lazy.map { last &- $0 }.first { sequence in
            guard let entry = cache.entry(sequence), entry.lastRepeat == nil else { return false }
            let size = cache.content(sequence).count + Self.headerBytes
            return size <= byteCount && size * 2 >= byteCount
        }
    }
}

extension PacketBuffer {
    /// Adds `count` bytes of padding behind a packet that has none (RFC 3550 §5.1).
    fileprivate mutating func appendPadding(_ count: UInt8) -> Bool {
        let first = withSpan { $0.byte(at: 0) } ?? 0
        store(first | 0x20, at: 0)
        for _ in 1..<max(count, 1) { append(0) }
        return append(count)
    }
}
