import MediaCore
import PeerTransport

/// How datagrams are protected: not yet, really, or for a simulation not at all.
enum PacketProtection: ~Copyable {
    /// The handshake is not over: nothing goes in or out.
    case pending
    /// Keys are known.
    case secure(SRTPContext)
    /// Simulations only: packets pass as they are.
    case passThrough

    /// Whether packets may be sent.
    var isReady: Bool {
        switch self {
        case .pending: false
        case .secure: true
        case .passThrough: true
        }
    }

    /// Protects or opens a packet in place; false when it is to be dropped.
    mutating func apply(_ operation: Operation, to packet: inout PacketBuffer) -> Bool {
        switch consume self {
        case .pending:
            self = .pending
            return false
        case .passThrough:
            self = .passThrough
            return true
        case .secure(var context):
            let isGood =
                switch operation {
                case .protect: context.protect(&packet)
                case .protectRTCP: context.protectRTCP(&packet)
                case .unprotect: context.unprotect(&packet)
                case .unprotectRTCP: context.unprotectRTCP(&packet)
                }
            self = .secure(context)
            return isGood
        }
    }

    enum Operation {
        case protect, protectRTCP, unprotect, unprotectRTCP
    }
}
