internal import LiveKitProtocol

/// Somebody else in the room, as known at one moment.
public struct RemoteParticipant: Participant {
    public let sid: ParticipantSid
    public let identity: ParticipantIdentity
    public let name: String
    public let metadata: String
    public let attributes: [String: String]
    public let kind: ParticipantKind
    public let permissions: ParticipantPermissions
    public let isSpeaking: Bool
    public let audioLevel: Float
    public let connectionQuality: ConnectionQuality
    /// What it publishes, in the server's order.
    public let trackPublications: [RemoteTrackPublication]

    /// What it publishes of one source, if anything.
    public func trackPublication(source: TrackSource) -> RemoteTrackPublication? {
        trackPublications.first { $0.source == source }
    }
}

extension RemoteParticipant {
    init(_ record: ParticipantRecord, handle: RoomHandle) {
        let info = record.info
        sid = ParticipantSid(info.sid)
        identity = ParticipantIdentity(info.identity)
        name = info.name
        metadata = info.metadata
        attributes = info.attributes
        kind = ParticipantKind(info.kind)
        permissions = record.permissions
        isSpeaking = record.isSpeaking
        audioLevel = record.audioLevel
        connectionQuality = record.quality
        trackPublications = info.tracks.filter { $0.type != .data }.map { track in
            RemoteTrackPublication(
                track, subscription: record.subscriptions[track.sid], participant: info, handle: handle)
        }
    }
}
