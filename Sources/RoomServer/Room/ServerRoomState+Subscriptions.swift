import LiveKitProtocol
import MediaCore

/// Who gets which track, and in which form.
extension ServerRoomState {
    /// Brings a newcomer the tracks that are there already.
    mutating func subscribeToWhatIsThere(_ sid: ParticipantSID) {
        guard let member = member(sid) else { return }
        for other in members where other.sid != sid {
            for track in other.tracks where wants(track.sid, of: other, member) {
                subscribe(sid, to: track.sid)
            }
        }
    }

    /// Whether `subscriber` is to get that track of `publisher`: it may, and it asked or did not need to.
    func wants(_ track: TrackSID, of publisher: RoomMember, _ subscriber: RoomMember) -> Bool {
        subscriber.sid != publisher.sid && subscriber.info.permission.canSubscribe
            && isAllowed(track, of: publisher, for: subscriber)
            && subscriber.wishes[track] ?? subscriber.isAutoSubscribing
    }

    private func isAllowed(_ track: TrackSID, of publisher: RoomMember, for subscriber: RoomMember) -> Bool {
        guard let audience = publisher.audience, !audience.allParticipants else { return true }
        return audience.trackPermissions.contains { permission in
            let isMeant =
                permission.participantIdentity.isEmpty
                ? permission.participantSid == subscriber.info.sid
                : permission.participantIdentity == subscriber.info.identity
            return isMeant && (permission.allTracks || permission.trackSids.contains(track.text))
        }
    }

    /// Begins a subscription; the first one of a track is told to its publisher.
    mutating func subscribe(_ subscriber: ParticipantSID, to track: TrackSID) {
        guard let index = index(of: subscriber), members[index].subscriptions.insert(track).inserted else {
            return
        }
        outputs.append(.subscribe(track, subscriber))
        if let (_, record) = owner(of: track), record.info.type == .video {
            outputs.append(.prefer(preference(of: members[index], for: record), track, subscriber))
        }
        tellPublisher(track)
        areQualitiesStale = true
    }

    private mutating func tellPublisher(_ track: TrackSID) {
        for index in members.indices {
            guard let place = members[index].tracks.firstIndex(where: { $0.sid == track }),
                !members[index].tracks[place].hadSubscriber
            else { continue }
            members[index].tracks[place].hadSubscriber = true
            var message = Livekit_TrackSubscribed()
            message.trackSid = track.text
            send(.trackSubscribed(message), to: members[index].sid)
            if let wanted = SubscribedQuality.update(of: members[index].tracks[place]) {
                send(.subscribedQualityUpdate(wanted), to: members[index].sid)
            }
        }
    }

    /// Ends a subscription.
    mutating func unsubscribe(_ subscriber: ParticipantSID, from track: TrackSID) {
        guard let index = index(of: subscriber), members[index].subscriptions.remove(track) != nil else {
            return
        }
        members[index].codecs[track] = nil
        members[index].undecodable.remove(track)
        outputs.append(.unsubscribe(track, subscriber))
        areQualitiesStale = true
    }

    /// Ends every subscription of a track.
    mutating func withdraw(_ track: TrackSID) {
        for member in members { unsubscribe(member.sid, from: track) }
        for index in members.indices {
            members[index].wishes[track] = nil
            members[index].preferences[track] = nil
        }
    }

    /// A participant asks for tracks, or does not want them any more.
    mutating func update(_ request: Livekit_UpdateSubscription, from sid: ParticipantSID) {
        let named = request.trackSids + request.participantTracks.flatMap(\.trackSids)
        for text in named {
            let track = TrackSID(text: text)
            guard let index = index(of: sid) else { return }
            guard let (publisher, _) = owner(of: track) else {
                var response = Livekit_SubscriptionResponse()
                response.trackSid = text
                response.err = .seTrackNotfound
                if request.subscribe { send(.subscriptionResponse(response), to: sid) }
                continue
            }
            members[index].wishes[track] = request.subscribe
            if wants(track, of: publisher, members[index]) {
                subscribe(sid, to: track)
            } else {
                unsubscribe(sid, from: track)
            }
        }
    }

    /// A participant says in which form it wants tracks.
    mutating func update(_ settings: Livekit_UpdateTrackSettings, from sid: ParticipantSID) {
        guard let index = index(of: sid) else { return }
        for text in settings.trackSids {
            let track = TrackSID(text: text)
            guard let (_, record) = owner(of: track) else { continue }
            members[index].preferences[track] = settings
            outputs.append(.prefer(preference(of: members[index], for: record), track, sid))
        }
        areQualitiesStale = true
    }

    /// A publisher says who may have its tracks.
    mutating func restrict(_ audience: Livekit_SubscriptionPermission, from sid: ParticipantSID) {
        guard let index = index(of: sid) else { return }
        let before = members[index]
        members[index].audience = audience
        for subscriber in members where subscriber.sid != sid {
            for track in before.tracks {
                let isAllowed = isAllowed(track.sid, of: members[index], for: subscriber)
                guard isAllowed != self.isAllowed(track.sid, of: before, for: subscriber) else { continue }
                var update = Livekit_SubscriptionPermissionUpdate()
                update.participantSid = sid.text
                update.trackSid = track.info.sid
                update.allowed = isAllowed
                send(.subscriptionPermissionUpdate(update), to: subscriber.sid)
                if wants(track.sid, of: members[index], subscriber) {
                    subscribe(subscriber.sid, to: track.sid)
                } else {
                    unsubscribe(subscriber.sid, from: track.sid)
                }
            }
        }
    }
}
