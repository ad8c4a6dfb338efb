import LiveKitProtocol
import MediaCore

/// Joining, becoming active and leaving.
extension ServerRoomState {
    /// Lets a participant in; a session of the same identity ends before.
    mutating func join(_ entry: RoomEntry, at now: MonotonicTime) -> ParticipantSID {
        if let old = members.first(where: { $0.info.identity == entry.identity }) {
            sendLeave(.duplicateIdentity, to: old.sid)
            // Since protocol 12 peers tell by the new sid that the old session is over.
            remove(old.sid, reason: .duplicateIdentity, isSilent: true)
        }
        let member = makeMember(entry, at: now)
        let sid = member.sid
        send(.join(greet(member, entry)), to: sid)
        outputs.append(.refreshToken(sid))
        members.append(member)
        nextRound = nextRound ?? now + Self.roundInterval
        areCountsStale = true
        subscribeToWhatIsThere(sid)
        return sid
    }

    private mutating func makeMember(_ entry: RoomEntry, at now: MonotonicTime) -> RoomMember {
        var info = Livekit_ParticipantInfo()
        info.sid = identifiers.next("PA_")
        info.identity = entry.identity
        info.name = entry.name
        info.metadata = entry.metadata
        info.attributes = entry.attributes
        info.kind = entry.kind
        info.permission = entry.permission
        info.state = .joined
        info.joinedAtMs = unixMilliseconds(at: now)
        info.joinedAt = info.joinedAtMs / 1_000
        info.version = 1
        info.clientProtocol = entry.clientProtocol
        info.capabilities = entry.capabilities
        return RoomMember(
            info: info, isAutoSubscribing: entry.isAutoSubscribing,
            isAdaptiveStreaming: entry.isAdaptiveStreaming, joined: now, tokenSent: now)
    }

    private func greet(_ member: RoomMember, _ entry: RoomEntry) -> Livekit_JoinResponse {
        var join = Livekit_JoinResponse()
        join.room = room
        join.participant = member.record
        join.otherParticipants = members.filter { !$0.isHidden }.map(\.record)
        join.serverInfo = greeting.serverInfo
        join.serverVersion = greeting.serverInfo.version
        join.iceServers = greeting.iceServers
        join.enabledPublishCodecs = greeting.codecs.filter { $0.mime != "video/rtx" }
        join.subscriberPrimary = entry.isSubscriberPrimary
        join.fastPublish = member.info.permission.canPublish
        join.pingInterval = 5
        join.pingTimeout = 15
        return join
    }

    /// The participant's primary connection is established.
    mutating func becameActive(_ sid: ParticipantSID, at now: MonotonicTime) {
        guard let index = index(of: sid), members[index].info.state == .joined else { return }
        members[index].info.state = .active
        announce(index)
        tellSpeakers(speakers.current, to: members[index])
    }

    /// A media connection of the participant has failed or was closed by it.
    ///
    /// A client that leaves closes its connections first and says so afterwards, so it gets a moment for that.
    mutating func lostConnection(_ sid: ParticipantSID, at now: MonotonicTime) {
        guard let index = index(of: sid), members[index].connectionLost == nil else { return }
        members[index].connectionLost = now
    }

    /// Ends a session: tells it why, tells the others that it is gone.
    mutating func dismiss(
        _ sid: ParticipantSID, reason: Livekit_DisconnectReason,
        action: Livekit_LeaveRequest.Action = .disconnect
    ) {
        guard index(of: sid) != nil else { return }
        sendLeave(reason, action, to: sid)
        remove(sid, reason: reason)
    }

    /// Ends a session whose client has left or vanished.
    mutating func remove(_ sid: ParticipantSID, reason: Livekit_DisconnectReason, isSilent: Bool = false) {
        guard let index = index(of: sid) else { return }
        for track in members[index].tracks { withdraw(track.sid) }
        for track in members[index].subscriptions { outputs.append(.unsubscribe(track, sid)) }
        for track in members[index].tracks { outputs.append(.unpublish(track.sid, sid)) }
        var record = members.remove(at: index)
        speakers.remove(sid)
        areCountsStale = true
        areQualitiesStale = true
        outputs.append(.close(sid))
        guard !record.isHidden, !isSilent else { return }
        record.info.state = .disconnected
        record.info.version &+= 1
        record.info.disconnectReason = reason
        record.tracks = []
        var update = Livekit_ParticipantUpdate()
        update.participants = [record.record]
        for other in members { send(.update(update), to: other.sid) }
    }

    private mutating func sendLeave(
        _ reason: Livekit_DisconnectReason, _ action: Livekit_LeaveRequest.Action = .disconnect,
        to sid: ParticipantSID
    ) {
        send(.leave(.make(reason, action)), to: sid)
    }
}

extension Livekit_LeaveRequest {
    /// A leave message as the server sends it.
    static func make(_ reason: Livekit_DisconnectReason, _ action: Livekit_LeaveRequest.Action) -> Self {
        var leave = Livekit_LeaveRequest()
        leave.reason = reason
        leave.action = action
        leave.canReconnect = action != .disconnect
        return leave
    }
}

/// Who wants to enter a room, after all checks.
struct RoomEntry: Sendable {
    /// The stable name of the participant; never empty.
    var identity: String
    /// What people call it.
    var name = ""
    /// Free text of the application.
    var metadata = ""
    /// Key and value pairs of the application.
    var attributes: [String: String] = [:]
    /// What sort of participant it is.
    var kind = Livekit_ParticipantInfo.Kind.standard
    /// What it may do.
    var permission: Livekit_ParticipantPermission
    /// Whether it wants every track without asking.
    var isAutoSubscribing = true
    /// Whether it will say in which size it shows pictures.
    var isAdaptiveStreaming = false
    /// Whether the connection on which the server offers decides that the session is established.
    var isSubscriberPrimary = false
    /// The end-to-end protocol it speaks.
    var clientProtocol: Int32 = 0
    /// What else it can do.
    var capabilities: [Livekit_ClientInfo.Capability] = []
}
