/// When the packets of a transport arrived (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
package struct TransportFeedback: Hashable, Sendable {
    /// What happened to one packet.
    package enum Status: Hashable, Sendable {
        case notReceived
        /// It came so long, in units of 250 µs, after the received packet before it; the first: after
        /// the reference time.
        case received(delta250us: Int)
    }

    /// Who reports.
    package var sender: SSRC
    /// Some stream of the transport.
    package var media: SSRC
    /// Number of this feedback; wraps.
    package var feedbackCount: UInt8
    /// Transport sequence number of the first packet.
    package var baseSequence: UInt16
    /// What deltas begin from, in units of 64 ms: 24 bits with sign, wraps.
    package var referenceTime: Int32
    /// One element per packet from `baseSequence` on, at most 65,535. Deltas fit in 16 bits with sign.
    package var packets: [Status]

    /// Makes a feedback.
    package init(
        sender: SSRC, media: SSRC, feedbackCount: UInt8, baseSequence: UInt16, referenceTime: Int32,
        packets: [Status]
    ) {
        self.sender = sender
        self.media = media
        self.feedbackCount = feedbackCount
        self.baseSequence = baseSequence
        self.referenceTime = referenceTime
        self.packets = packets
    }

    func append(to bytes: inout [UInt8]) {
        let packets = packets.prefix(0xFFFF)
        bytes.appendPacket(type: RTCPType.transportLayerFeedback, format: 15) { body in
            body.append(bigEndian: sender.value)
            body.append(bigEndian: media.value)
            body.append(bigEndian: baseSequence)
            body.append(bigEndian: UInt16(packets.count))
            body.append(bigEndian: UInt32(bitPattern: referenceTime) << 8 | UInt32(feedbackCount))
            StatusChunk.append(packets.map(StatusSymbol.init(_:)), to: &body)
            for packet in packets {
                guard case .received(let delta) = packet else { continue }
                switch StatusSymbol(packet) {
                case .smallDelta: body.append(UInt8(clamping: delta))
                case .largeDelta: body.append(bigEndian: Int16(clamping: delta))
                case .notReceived: break
                }
            }
        }
    }
}

extension TransportFeedback {
    init?(parsing body: Span<UInt8>) {
        guard let sender = body.uint32(at: 0), let media = body.uint32(at: 4),
            let base = body.uint16(at: 8),
            let count = body.uint16(at: 10),
            let time = body.uint24(at: 12),
            let feedbackCount = body.byte(at: 15)
        else { return nil }
        self.init(
            sender: SSRC(sender), media: SSRC(media), feedbackCount: feedbackCount, baseSequence: base,
            // Shifted up and down again to extend the sign of 24 bits.
            referenceTime: Int32(bitPattern: time << 8) >> 8, packets: [])

        var offset = 16
        var symbols: [StatusSymbol] = []
        while symbols.count < Int(count) {
            guard let word = body.uint16(at: offset),
                StatusChunk.append(word, to: &symbols, limit: Int(count))
            else { return nil }
            offset += 2
        }
        packets.reserveCapacity(symbols.count)
        for symbol in symbols {
            switch symbol {
            case .notReceived:
                packets.append(.notReceived)
            case .smallDelta:
                guard let delta = body.byte(at: offset) else { return nil }
                packets.append(.received(delta250us: Int(delta)))
                offset += 1
            case .largeDelta:
                guard let delta = body.uint16(at: offset) else { return nil }
                packets.append(.received(delta250us: Int(Int16(bitPattern: delta))))
                offset += 2
            }
        }
    }
}
