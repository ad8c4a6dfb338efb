/// Asks for a key frame because pictures were lost (RFC 4585 §6.3.1).
package struct PictureLossIndication: Hashable, Sendable {
    /// Who asks.
    package var sender: SSRC
    /// The stream that is to send it.
    package var media: SSRC

    /// Makes a request.
    package init(sender: SSRC, media: SSRC) {
        self.sender = sender
        self.media = media
    }

    init?(parsing body: Span<UInt8>) {
        guard let sender = body.uint32(at: 0), let media = body.uint32(at: 4) else { return nil }
        self.init(sender: SSRC(sender), media: SSRC(media))
    }

    func append(to bytes: inout [UInt8]) {
        bytes.appendPacket(type: RTCPType.payloadSpecificFeedback, format: 1) { body in
            body.append(bigEndian: sender.value)
            body.append(bigEndian: media.value)
        }
    }
}
