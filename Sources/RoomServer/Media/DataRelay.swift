import LiveKitProtocol
import SwiftProtobuf

/// Passes data packets on between participants: stamps the sender, drops repeats, finds the receivers.
struct DataRelay: Sendable {
    /// A packet for one participant.
    struct Delivery: Hashable, Sendable {
        /// Who gets it.
        var receiver: ParticipantSID
        /// On which channel.
        var label: String
        /// The serialised packet.
        var bytes: [UInt8]
    }

    /// Number of the last reliable packet of each sender.
    private var lastSequence: [ParticipantSID: UInt32] = [:]
    /// Reliable packets for participants whose channel is not open yet.
    private var parked: [ParticipantSID: [Delivery]] = [:]
    /// Whose channels are open.
    private var open: [ParticipantSID: Set<String>] = [:]

    /// The channel that keeps order and repeats what was lost.
    static let reliable = "_reliable"
    /// The channel that does neither.
    static let lossy = "_lossy"
    /// Most bytes kept for a participant whose channel is not open yet.
    private static let parkingLimit = 100_000

    /// Makes a relay that has seen nothing.
    init() {}

    /// A packet from a participant; answers who gets what.
    mutating func receive(_ bytes: [UInt8], on label: String, from sender: RoomMember, members: [RoomMember])
        -> [Delivery]
    {
        guard label == Self.reliable || label == Self.lossy, sender.info.permission.canPublishData,
            var packet = try? Livekit_DataPacket(serializedBytes: bytes), isNew(packet, label, sender)
        else { return [] }
        stamp(&packet, sender)
        let receivers = receivers(of: packet, sender, members)
        guard !receivers.isEmpty, let stamped: [UInt8] = try? packet.serializedBytes() else { return [] }
        let deliveries = receivers.map { Delivery(receiver: $0.sid, label: label, bytes: stamped) }
        return deliveries.filter { isDeliverable($0) }
    }

    /// A channel towards a participant is open; answers what has waited for it.
    mutating func opened(_ label: String, of sid: ParticipantSID) -> [Delivery] {
        open[sid, default: []].insert(label)
        guard label == Self.reliable else { return [] }
        return parked.removeValue(forKey: sid) ?? []
    }

    /// A participant has left.
    mutating func remove(_ sid: ParticipantSID) {
        lastSequence[sid] = nil
        parked[sid] = nil
        open[sid] = nil
    }

    private mutating func isNew(_ packet: Livekit_DataPacket, _ label: String, _ sender: RoomMember) -> Bool {
        guard label == Self.reliable, packet.sequence > 0 else { return true }
        guard packet.sequence > lastSequence[sender.sid] ?? 0 else { return false }
        lastSequence[sender.sid] = packet.sequence
        return true
    }

    /// The sender is who sent it, whatever the packet says; only agents may speak for others, in text.
    private func stamp(_ packet: inout Livekit_DataPacket, _ sender: RoomMember) {
        packet.participantSid = sender.info.sid
        let isText =
            switch packet.value {
            case .chatMessage, .streamHeader, .streamChunk, .streamTrailer, .transcription: true
            default: false
            }
        let speaksForAnother = sender.info.kind == .agent && isText && !packet.participantIdentity.isEmpty
        if !speaksForAnother { packet.participantIdentity = sender.info.identity }
        guard case .user(var user) = packet.value else { return }
        user.participantSid = sender.info.sid
        user.participantIdentity = sender.info.identity
        packet.value = .user(user)
    }

    private func receivers(
        of packet: Livekit_DataPacket, _ sender: RoomMember, _ members: [RoomMember]
    ) -> [RoomMember] {
        if case .transcription = packet.value, sender.info.kind != .agent { return [] }
        var names = Set(packet.destinationIdentities)
        if names.isEmpty, case .user(let user) = packet.value { names = Set(user.destinationIdentities) }
        return members.filter { member in
            member.sid != sender.sid && (names.isEmpty || names.contains(member.info.identity))
        }
    }

    /// Whether it can be sent now; what is reliable waits for the channel, within a bound.
    private mutating func isDeliverable(_ delivery: Delivery) -> Bool {
        if open[delivery.receiver]?.contains(delivery.label) == true { return true }
        guard delivery.label == Self.reliable else { return false }
        let waiting = parked[delivery.receiver, default: []].reduce(0) { $0 + $1.bytes.count }
        if waiting + delivery.bytes.count <= Self.parkingLimit {
            parked[delivery.receiver, default: []].append(delivery)
        }
        return false
    }
}
