import MediaCore
import PeerTransport

extension PeerConnection {
    func applyMedia() {}
    func secureMedia(_ keys: SRTPKeys) {}
    func receiveMedia(_ datagram: consuming PacketBuffer, at now: MonotonicTime) {}
    func advanceMedia(to now: MonotonicTime) {}
    var nextMediaDeadline: Deadline? { nil }
}
