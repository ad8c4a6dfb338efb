/// What one datagram of a bundled transport carries, told from its first two bytes.
///
/// RFC 7983 §7 separates the protocols, RFC 5761 §4 RTP from RTCP.
package enum DatagramKind: Hashable, Sendable {
    /// STUN: handled inside the ICE library.
    case stun
    /// A DTLS record.
    case dtls
    /// TURN ChannelData: handled inside the ICE library.
    case turnChannel
    /// A media packet.
    case rtp
    /// A control packet.
    case rtcp
    /// Nothing we speak, or too short to tell: drop it.
    case unknown

    /// Classifies a datagram.
    package init(_ datagram: UnsafeRawBufferPointer) {
        guard datagram.count >= 2 else {
            self = .unknown
            return
        }
        self.init(first: datagram[0], second: datagram[1])
    }

    /// Classifies a datagram by its first two bytes.
    package init(first: UInt8, second: UInt8) {
        switch first {
        case 0...3: self = .stun
        case 20...63: self = .dtls
        case 64...79: self = .turnChannel
        case 128...191: self = (192...223).contains(second) ? .rtcp : .rtp
        default: self = .unknown
        }
    }
}
