/// Asks for a key frame because a receiver is new (RFC 5104 §4.3.1).
package struct FullIntraRequest: Hashable, Sendable {
    /// One stream that is to send a key frame.
    package struct Entry: Hashable, Sendable {
        /// The stream.
        package var media: SSRC
        /// Number of the request: a repetition has the same.
        package var sequence: UInt8

        /// Makes an entry.
        package init(media: SSRC, sequence: UInt8) {
            self.media = media
            self.sequence = sequence
        }
    }

    /// Who asks.
    package var sender: SSRC
    /// The streams that are asked.
    package var entries: [Entry]

    /// Makes a request.
    package init(sender: SSRC, entries: [Entry]) {
        self.sender = sender
        self.entries = entries
    }

    init?(parsing body: Span<UInt8>) {
        guard let sender = body.uint32(at: 0), body.count >= 8 else { return nil }
        self.init(sender: SSRC(sender), entries: [])
        var offset = 8
        while let media = body.uint32(at: offset), let rest = body.uint32(at: offset + 4) {
            entries.append(Entry(media: SSRC(media), sequence: UInt8(rest >> 24)))
            offset += 8
        }
    }

    func append(to bytes: inout [UInt8]) {
        bytes.appendPacket(type: RTCPType.payloadSpecificFeedback, format: 4) { body in
            body.append(bigEndian: sender.value)
            // RFC 5104 §4.3.1.2: the stream of the common header is not used and zero.
            body.append(bigEndian: 0 as UInt32)
            for entry in entries {
                body.append(bigEndian: entry.media.value)
                body.append(bigEndian: UInt32(entry.sequence) << 24)
            }
        }
    }
}
