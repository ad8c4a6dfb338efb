/// Asks for packets to be sent again (RFC 4585 §6.2.1).
package struct NackFeedback: Hashable, Sendable {
    /// Who asks.
    package var sender: SSRC
    /// The stream the packets belong to.
    package var media: SSRC
    /// Sequence numbers of the missing packets, oldest first.
    package var lost: [UInt16]

    /// Makes a request.
    package init(sender: SSRC, media: SSRC, lost: [UInt16]) {
        self.sender = sender
        self.media = media
        self.lost = lost
    }

    init?(parsing body: Span<UInt8>) {
        guard let sender = body.uint32(at: 0), let media = body.uint32(at: 4) else { return nil }
        self.init(sender: SSRC(sender), media: SSRC(media), lost: [])
        var offset = 8
        while let first = body.uint16(at: offset), let following = body.uint16(at: offset + 2) {
            lost.append(first)
            for bit in 0..<16 as Range<UInt16> where following >> bit & 1 != 0 {
                lost.append(first &+ bit &+ 1)
            }
            offset += 4
        }
    }

    func append(to bytes: inout [UInt8]) {
        bytes.appendPacket(type: RTCPType.transportLayerFeedback, format: 1) { body in
            body.append(bigEndian: sender.value)
            body.append(bigEndian: media.value)
            // Each pair is one number and a bit mask of the 16 that follow it.
            var index = 0
            while index < lost.count {
                let first = lost[index]
                var following: UInt16 = 0
                index += 1
                while index < lost.count, case let distance = lost[index] &- first,
                    (1...16).contains(distance)
                {
                    following |= 1 << (distance - 1)
                    index += 1
                }
                body.append(bigEndian: first)
                body.append(bigEndian: following)
            }
        }
    }
}
