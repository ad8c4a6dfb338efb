internal import LiveKitProtocol

/// Records of participants: who came, who changed, who left.
extension RoomState {
    /// One complete record.
    mutating func update(participant info: Livekit_ParticipantInfo) -> [RoomEvent] {
        if info.sid == local.info.sid || info.identity == local.info.identity { return update(local: info) }
        if info.state == .disconnected { return leave(info) }
        guard let old = remotes[info.identity] else { return arrive(info) }
        if old.info.sid != info.sid { return remove(info.identity) + arrive(info) }
        guard info.version >= old.info.version else { return [] }
        return change(old, to: info)
    }

    private mutating func update(local info: Livekit_ParticipantInfo) -> [RoomEvent] {
        guard info.sid == local.info.sid, info.state != .disconnected, info.version >= local.info.version
        else {
            return []
        }
        let old = local
        local.info = info
        return changes(from: old, to: info, participant: localParticipant)
    }

    private mutating func arrive(_ info: Livekit_ParticipantInfo) -> [RoomEvent] {
        guard info.state != .disconnected else { return [] }
        var record = ParticipantRecord(info)
        for track in info.tracks {
            record.subscriptions[track.sid] = SubscriptionRecord(isDesired: autoSubscribe)
        }
        remotes[info.identity] = record
        let participant = RemoteParticipant(record, handle: handle)
        var events: [RoomEvent] = [.participantConnected(participant)]
        if info.state == .active { events.append(.participantActive(participant)) }
        return events + participant.trackPublications.map { .trackPublished($0, participant) }
    }

    private mutating func leave(_ info: Livekit_ParticipantInfo) -> [RoomEvent] {
        guard let old = remotes[info.identity], old.info.sid == info.sid else { return [] }
        return remove(info.identity)
    }

    /// Takes somebody out: first the tracks, then the participant.
    mutating func remove(_ identity: String) -> [RoomEvent] {
        guard let record = remotes[identity] else { return [] }
        var events = record.info.tracks.flatMap { unpublish($0.sid, of: identity) }
        if let participant = participant(identity: identity) {
            events.append(.participantDisconnected(participant))
        }
        remotes[identity] = nil
        return events
    }

    private mutating func unpublish(_ sid: String, of identity: String) -> [RoomEvent] {
        guard let (publication, participant) = publication(sid, of: identity) else { return [] }
        var events: [RoomEvent] = []
        if let track = publication.track {
            events.append(.trackUnsubscribed(track, publication, participant))
        }
        remotes[identity]?.subscriptions[sid] = nil
        remotes[identity]?.info.tracks.removeAll { $0.sid == sid }
        if let now = self.participant(identity: identity) {
            events.append(.trackUnpublished(publication, now))
        }
        return events
    }

    private mutating func change(_ old: ParticipantRecord, to info: Livekit_ParticipantInfo) -> [RoomEvent] {
        let identity = info.identity
        let kept = Set(info.tracks.map(\.sid))
        var events = old.info.tracks.filter { !kept.contains($0.sid) }.flatMap {
            unpublish($0.sid, of: identity)
        }
        let known = Set(old.info.tracks.map(\.sid))
        let added = info.tracks.filter { !known.contains($0.sid) }
        remotes[identity]?.info = info
        for track in added {
            remotes[identity]?.subscriptions[track.sid] = SubscriptionRecord(isDesired: autoSubscribe)
        }
        guard let participant = participant(identity: identity) else { return events }
        if old.info.state != .active && info.state == .active {
            events.append(.participantActive(participant))
        }
        events += added.compactMap { publication($0.sid, of: identity) }.map { .trackPublished($0, $1) }
        return events + changes(from: old, to: info, participant: participant)
    }

    /// What is different between two records of the same session, tracks that came or went left out.
    private func changes(
        from old: ParticipantRecord, to info: Livekit_ParticipantInfo, participant: any Participant
    ) -> [RoomEvent] {
        var events: [RoomEvent] = []
        if old.info.name != info.name { events.append(.participantNameChanged(participant)) }
        if old.info.metadata != info.metadata { events.append(.participantMetadataChanged(participant)) }
        if old.info.attributes != info.attributes {
            let changed = info.attributes.filter { old.info.attributes[$0.key] != $0.value }
            let removed = old.info.attributes.keys.filter { info.attributes[$0] == nil }
            events.append(
                .participantAttributesChanged(
                    participant, changed: changed.merging(removed.map { ($0, "") }) { kept, _ in kept }))
        }
        if old.info.permission != info.permission {
            events.append(.participantPermissionsChanged(participant))
        }
        guard participant is RemoteParticipant else { return events }
        for track in info.tracks {
            guard let before = old.info.tracks.first(where: { $0.sid == track.sid }),
                before.muted != track.muted,
                let (publication, owner) = publication(track.sid, of: info.identity)
            else { continue }
            events.append(track.muted ? .trackMuted(publication, owner) : .trackUnmuted(publication, owner))
        }
        return events
    }
}
