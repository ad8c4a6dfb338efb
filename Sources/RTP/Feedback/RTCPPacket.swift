/// One packet of a compound RTCP datagram (RFC 3550 §6, RFC 4585, RFC 3611).
package enum RTCPPacket: Hashable, Sendable {
    case senderReport(SenderReport)
    case receiverReport(ReceiverReport)
    case sourceDescription(SourceDescription)
    case goodbye([SSRC])
    case nack(NackFeedback)
    case pli(PictureLossIndication)
    case fir(FullIntraRequest)
    case transportFeedback(TransportFeedback)
    case remb(ReceiverEstimatedMaximumBitrate)
    case extendedReport(ExtendedReport)
    /// Something this package does not use; it is not written back.
    case unknown(type: UInt8, format: UInt8)

    /// Reads a datagram of one or more packets, reduced-size ones too (RFC 5506).
    ///
    /// A packet that contradicts itself is left out; when lengths do not fit, so is everything behind it.
    package static func parseCompound(_ bytes: Span<UInt8>) -> [RTCPPacket] {
        var packets: [RTCPPacket] = []
        var offset = 0
        while let header = RTCPHeader(parsing: bytes, at: offset) {
            if let packet = RTCPPacket(header, body: bytes.extracting(header.bodyRange)) {
                packets.append(packet)
            }
            offset = header.end
        }
        return packets
    }

    private init?(_ header: RTCPHeader, body: Span<UInt8>) {
        switch (header.type, header.format) {
        case (RTCPType.senderReport, let count):
            guard let report = SenderReport(parsing: body, blockCount: Int(count)) else { return nil }
            self = .senderReport(report)
        case (RTCPType.receiverReport, let count):
            guard let report = ReceiverReport(parsing: body, blockCount: Int(count)) else { return nil }
            self = .receiverReport(report)
        case (RTCPType.sourceDescription, let count):
            guard let description = SourceDescription(parsing: body, chunkCount: Int(count)) else {
                return nil
            }
            self = .sourceDescription(description)
        case (RTCPType.goodbye, let count):
            self = .goodbye((0..<Int(count)).compactMap { body.uint32(at: 4 * $0).map(SSRC.init(value:)) })
        case (RTCPType.transportLayerFeedback, 1):
            guard let feedback = NackFeedback(parsing: body) else { return nil }
            self = .nack(feedback)
        case (RTCPType.transportLayerFeedback, 15):
            guard let feedback = TransportFeedback(parsing: body) else { return nil }
            self = .transportFeedback(feedback)
        case (RTCPType.payloadSpecificFeedback, 1):
            guard let request = PictureLossIndication(parsing: body) else { return nil }
            self = .pli(request)
        case (RTCPType.payloadSpecificFeedback, 4):
            guard let request = FullIntraRequest(parsing: body) else { return nil }
            self = .fir(request)
        case (RTCPType.payloadSpecificFeedback, 15):
            guard let estimate = ReceiverEstimatedMaximumBitrate(parsing: body) else { return nil }
            self = .remb(estimate)
        case (RTCPType.extendedReport, _):
            guard let report = ExtendedReport(parsing: body) else { return nil }
            self = .extendedReport(report)
        case (let type, let format):
            self = .unknown(type: type, format: format)
        }
    }

    /// Adds this packet to a datagram.
    package func append(to bytes: inout [UInt8]) {
        switch self {
        case .senderReport(let report): report.append(to: &bytes)
        case .receiverReport(let report): report.append(to: &bytes)
        case .sourceDescription(let description): description.append(to: &bytes)
        case .goodbye(let sources):
            let sources = sources.prefix(31)
            bytes.appendPacket(type: RTCPType.goodbye, format: UInt8(sources.count)) { body in
                for source in sources { body.append(bigEndian: source.value) }
            }
        case .nack(let feedback): feedback.append(to: &bytes)
        case .pli(let request): request.append(to: &bytes)
        case .fir(let request): request.append(to: &bytes)
        case .transportFeedback(let feedback): feedback.append(to: &bytes)
        case .remb(let estimate): estimate.append(to: &bytes)
        case .extendedReport(let report): report.append(to: &bytes)
        case .unknown: break
        }
    }
}
