/// A user message on its way to SCTP.
struct SCTPMessage: Hashable, Sendable {
    let stream: UInt16
    let payloadProtocol: PayloadProtocol
    let bytes: [UInt8]
    let isOrdered: Bool
    let reliability: DataChannelDescription.Reliability
}
