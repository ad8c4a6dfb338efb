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
        PacketEntry.forward(packet, from: sid, in: room)
    }

    func receive(_ report: SenderReport, from source: SSRC, on mid: MediaID, at now: MonotonicTime) {
        room.assumeIsolated { $0.learnClock(report, of: source, on: mid, from: sid) }
    }

    func keyframeRequested(on mid: MediaID, of source: SSRC) {
        room.assumeIsolated { $0.keyframeRequested(on: mid, by: sid) }
    }
}

/// The way of packets into a room, which allocates nothing; `assumeIsolated` allocates twice per call.
private enum PacketEntry {
    private typealias Pointer = UnsafePointer<ReceivedPacket>
    private typealias Isolated = @Sendable (isolated ServerRoom, Pointer, ParticipantSID) -> Void
    private typealias Plain = @Sendable (ServerRoom, Pointer, ParticipantSID) -> Void

    // SAFETY: both types have one representation; `forward` checks that the caller runs on the room's executor.
    private static let entry = unsafeBitCast(
        { (room: isolated ServerRoom, packet: Pointer, sid: ParticipantSID) in
            room.forward(packet.pointee, from: sid)
        } as Isolated,
        to: Plain.self)

    /// The packet is lent for the call, which stays on this thread.
    static func forward(_ packet: borrowing ReceivedPacket, from sid: ParticipantSID, in room: ServerRoom) {
        NetworkLoop.shared.checkIsolated()
        withUnsafePointer(to: packet) { entry(room, $0, sid) }
    }
}
