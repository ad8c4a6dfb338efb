import CUsrSCTP

/// What the library says about an association, as far as we listen.
enum SCTPNotification: Hashable {
    case connected(streams: UInt16)
    case disconnected
    /// The peer has reset its half of these streams; none means all.
    case incomingReset([UInt16])
    /// Our half of these streams is reset, or the peer will never let it; none means all.
    case outgoingReset([UInt16])
    /// Our half could not be reset now.
    case resetFailed([UInt16])
    case other

    /// Reads the library's own structures, whose layout is that of this machine.
    init(parsing bytes: UnsafeRawBufferPointer) {
        self = .other
        guard bytes.count >= 8 else { return }
        switch Int32(bytes.loadUnaligned(as: UInt16.self)) {
        case SCTP_ASSOC_CHANGE: self = Self.associationChange(bytes)
        case SCTP_STREAM_RESET_EVENT: self = Self.streamReset(bytes)
        default: break
        }
    }

    private static func associationChange(_ bytes: UnsafeRawBufferPointer) -> Self {
        guard bytes.count >= MemoryLayout<sctp_assoc_change>.size else { return .other }
        let change = bytes.loadUnaligned(as: sctp_assoc_change.self)
        switch Int32(change.sac_state) {
        case SCTP_COMM_UP:
            return .connected(streams: min(change.sac_outbound_streams, change.sac_inbound_streams))
        case SCTP_COMM_LOST, SCTP_SHUTDOWN_COMP, SCTP_CANT_STR_ASSOC: return .disconnected
        default: return .other
        }
    }

    private static func streamReset(_ bytes: UnsafeRawBufferPointer) -> Self {
        let header = MemoryLayout<sctp_stream_reset_event>.size
        guard bytes.count >= header else { return .other }
        let event = bytes.loadUnaligned(as: sctp_stream_reset_event.self)
        let streams = stride(from: header, to: bytes.count - 1, by: 2).map {
            bytes.loadUnaligned(fromByteOffset: $0, as: UInt16.self)
        }
        let flags = Int32(event.strreset_flags)
        if flags & SCTP_STREAM_RESET_FAILED != 0 { return .resetFailed(streams) }
        if flags & SCTP_STREAM_RESET_DENIED == 0, flags & SCTP_STREAM_RESET_INCOMING_SSN != 0 {
            return .incomingReset(streams)
        }
        if flags & (SCTP_STREAM_RESET_OUTGOING_SSN | SCTP_STREAM_RESET_DENIED) != 0 {
            return .outgoingReset(streams)
        }
        return .other
    }
}
