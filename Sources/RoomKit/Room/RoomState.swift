internal import LiveKitProtocol

/// What the room looks like: a reducer from the server's messages to events.
///
/// A pure value: it knows no socket and no clock. `Room` feeds it every message and publishes what it answers. Records
/// come whole and in order of `version`; a known identity with a new sid has left and come back.
struct RoomState: Sendable {
    /// The room's record.
    private(set) var room = Livekit_Room()
    /// Our own record.
    var local = ParticipantRecord(Livekit_ParticipantInfo())
    /// Everybody else by identity.
    var remotes: [String: ParticipantRecord] = [:]
    /// Whether new tracks are wanted without being asked for.
    var autoSubscribe = true
    /// Speakers by sid, loudest first.
    private var speakers: [Livekit_SpeakerInfo] = []
    /// The way back for the values handed out.
    let handle: RoomHandle

    init(handle: RoomHandle) { self.handle = handle }

    /// Takes over the first message of a session.
    mutating func join(_ join: Livekit_JoinResponse) -> [RoomEvent] {
        room = join.room
        local = ParticipantRecord(join.participant)
        remotes = [:]
        speakers = []
        return join.otherParticipants.flatMap { update(participant: $0) }
    }

    /// Everybody else, for a program.
    var remoteParticipants: [ParticipantIdentity: RemoteParticipant] {
        var result: [ParticipantIdentity: RemoteParticipant] = [:]
        for (identity, record) in remotes {
            result[ParticipantIdentity(identity)] = RemoteParticipant(record, handle: handle)
        }
        return result
    }

    /// One participant, for a program.
    func participant(identity: String) -> RemoteParticipant? {
        remotes[identity].map { RemoteParticipant($0, handle: handle) }
    }

    /// The participant who publishes a track.
    func publisher(ofTrack sid: String) -> String? {
        remotes.first { $0.value.info.tracks.contains { $0.sid == sid } }?.key
    }

    /// The participant with a session id, ourselves included.
    func participant(sid: String) -> (any Participant)? {
        if sid == local.info.sid { return localParticipant }
        return remotes.values.first { $0.info.sid == sid }.map { RemoteParticipant($0, handle: handle) }
    }

    /// Ourselves, for a program.
    var localParticipant: LocalParticipant { LocalParticipant(local, handle: handle) }

    /// One message of the server that changes the picture of the room.
    mutating func apply(_ message: Livekit_SignalResponse.OneOf_Message) -> [RoomEvent] {
        switch message {
        case .update(let update): update.participants.flatMap { self.update(participant: $0) }
        case .speakersChanged(let change): apply(speakers: change.speakers)
        case .roomUpdate(let update): apply(room: update.room)
        case .connectionQuality(let update): update.updates.flatMap { apply(quality: $0) }
        case .streamStateUpdate(let update): update.streamStates.flatMap { apply(streamState: $0) }
        case .subscriptionPermissionUpdate(let update): apply(permission: update)
        case .subscriptionResponse(let response):
            [.trackSubscriptionFailed(TrackSid(response.trackSid), reason: "\(response.err)")]
        default: []
        }
    }

    private mutating func apply(room update: Livekit_Room) -> [RoomEvent] {
        let old = room
        room = update
        var events: [RoomEvent] = [.roomUpdated]
        if old.metadata != update.metadata { events.append(.roomMetadataChanged(update.metadata)) }
        if old.activeRecording != update.activeRecording {
            events.append(.recordingStatusChanged(isRecording: update.activeRecording))
        }
        return events
    }

    private mutating func apply(speakers changes: [Livekit_SpeakerInfo]) -> [RoomEvent] {
        for change in changes {
            speakers.removeAll { $0.sid == change.sid }
            if change.active && change.level > 0 { speakers.append(change) }
            setSpeaking(change)
        }
        speakers.sort { $0.level > $1.level }
        return [.activeSpeakersChanged(activeSpeakers)]
    }

    /// Who speaks, loudest first.
    var activeSpeakers: [any Participant] { speakers.compactMap { participant(sid: $0.sid) } }

    private mutating func setSpeaking(_ change: Livekit_SpeakerInfo) {
        if change.sid == local.info.sid {
            (local.isSpeaking, local.audioLevel) = (change.active, change.level)
        } else if let identity = identity(ofParticipant: change.sid) {
            remotes[identity]?.isSpeaking = change.active
            remotes[identity]?.audioLevel = change.active ? change.level : 0
        }
    }

    func identity(ofParticipant sid: String) -> String? {
        remotes.first { $0.value.info.sid == sid }?.key
    }

    private mutating func apply(quality update: Livekit_ConnectionQualityInfo) -> [RoomEvent] {
        let quality = ConnectionQuality(update.quality)
        if update.participantSid == local.info.sid {
            local.quality = quality
        } else if let identity = identity(ofParticipant: update.participantSid) {
            remotes[identity]?.quality = quality
        }
        return participant(sid: update.participantSid).map { [.connectionQualityChanged(quality, $0)] } ?? []
    }

    private mutating func apply(streamState update: Livekit_StreamStateInfo) -> [RoomEvent] {
        guard let identity = identity(ofParticipant: update.participantSid) else { return [] }
        let state: StreamState = update.state == .paused ? .paused : .active
        remotes[identity]?.subscriptions[update.trackSid]?.streamState = state
        return publication(update.trackSid, of: identity).map { [.trackStreamStateChanged($0, $1)] } ?? []
    }

    private mutating func apply(permission update: Livekit_SubscriptionPermissionUpdate) -> [RoomEvent] {
        guard let identity = identity(ofParticipant: update.participantSid) else { return [] }
        remotes[identity]?.subscriptions[update.trackSid]?.isAllowed = update.allowed
        return publication(update.trackSid, of: identity).map {
            [.trackSubscriptionPermissionChanged($0, $1)]
        } ?? []
    }

    /// A publication and its owner, for a program.
    func publication(_ sid: String, of identity: String) -> (RemoteTrackPublication, RemoteParticipant)? {
        guard let participant = participant(identity: identity),
            let publication = participant.trackPublications.first(where: { $0.sid.stringValue == sid })
        else { return nil }
        return (publication, participant)
    }
}

extension ConnectionQuality {
    init(_ quality: Livekit_ConnectionQuality) {
        self =
            switch quality {
            case .poor: .poor
            case .good: .good
            case .excellent: .excellent
            case .lost: .lost
            default: .unknown
            }
    }
}
