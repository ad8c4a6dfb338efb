import MediaCore
import PeerConnection
import RTP

/// Takes packets of one client's connections into its room, on the network loop.
final class PacketInlet: PacketReceiver {
    private let room: ServerRoom
    private let sid: ParticipantSID

    /// Makes the way into a room.
    init(room: ServerRoom, sid: ParticipantSID) {
        self.room = room
        self.sid = sid
    }

    func receive(_ packet: borrowing ReceivedPacket) {
        withUnsafePointer(to: packet) { pointer in
            // SAFETY: lent for this call, which stays on this thread.
            nonisolated(unsafe) let lent = pointer
            room.assumeIsolated { $0.forward(lent.pointee, from: sid) }
        }
    }

    func receive(_ report: SenderReport, from source: SSRC, on mid: MediaID, at now: MonotonicTime) {
        room.assumeIsolated { $0.learnClock(report, of: source, on: mid, from: sid) }
    }

    func keyframeRequested(on mid: MediaID, of source: SSRC) {
        room.assumeIsolated { $0.keyframeRequested(on: mid, by: sid) }
    }
}
