internal import LiveKitProtocol
internal import Logging
internal import MediaCore
internal import PeerConnection

/// Remote tracks: from sections of the session description to receivers and events.
extension Room {
    /// Compares what the sections carry with what is bound, and binds what is new.
    func bindSections(of role: PeerRole, _ session: RoomSession, trackIDs: [String: String]) async {
        guard let peer = session.peer(role) else { return }
        var carried: [SectionKey: CarriedTrack] = [:]
        for section in await peer.remoteSections() where section.direction.sends && !section.isRejected {
            guard let kind = section.kind, let sid = Self.trackSid(of: section, trackIDs: trackIDs) else {
                continue
            }
            carried[SectionKey(role: role, mid: section.mid)] = CarriedTrack(
                sid: sid, kind: kind, participant: Self.participantSid(of: section))
        }
        for (key, binding) in session.bindings where key.role == role && carried[key]?.sid != binding.sid {
            session.bindings[key] = nil
            await peer.setReceiver(nil, on: key.mid)
            stop(binding, session)
            emit(state.detach(sid: binding.sid))
        }
        for (key, track) in carried where session.bindings[key] == nil {
            session.bindings[key] = await bind(track, key, peer, session)
        }
        attachWaitingTracks(session)
    }

    /// The stream id is `PA_…|TR_…`; with named streams the answer's map or the track id tells.
    private static func trackSid(of section: RemoteSection, trackIDs: [String: String]) -> String? {
        guard let stream = section.stream?.stream, stream.hasPrefix("PA_") else { return nil }
        if let mapped = trackIDs[section.mid.value], mapped.hasPrefix("TR_") { return mapped }
        if let tail = stream.split(separator: "|").dropFirst().first, tail.hasPrefix("TR_") {
            return String(tail)
        }
        return section.stream.flatMap { $0.track.hasPrefix("TR_") ? $0.track : nil }
    }

    private static func participantSid(of section: RemoteSection) -> String {
        section.stream.map { String($0.stream.prefix { $0 != "|" }) } ?? ""
    }

    private func bind(
        _ carried: CarriedTrack, _ key: SectionKey, _ peer: PeerConnection, _ session: RoomSession
    ) async -> TrackBinding {
        let sid = carried.sid
        let sync = session.lipSync(ofParticipant: carried.participant)
        if carried.kind == .audio {
            let receiver = AudioReceiver(sync: sync)
            await peer.setReceiver(receiver, on: key.mid)
            session.player.add(receiver)
            return TrackBinding(
                sid: sid, track: .audio(RemoteAudioTrack(sid: TrackSid(sid), receiver: receiver)))
        }
        let mid = key.mid
        let receiver = VideoReceiver(sync: sync, logger: logger) { [weak peer] in
            peer?.askForKeyframe(on: mid)
        }
        await peer.setReceiver(receiver, on: mid)
        session.jobs.start("decode", on: session.takeDecodeThread()) { await receiver.decode() }
        let track = RemoteVideoTrack(sid: TrackSid(sid), receiver: receiver) {
            [inlet = session.rendererInlet] in
            inlet.yield((sid, $0))
        }
        return TrackBinding(sid: sid, track: .video(track))
    }

    /// Ends the receiver of a track.
    func stop(_ binding: TrackBinding, _ session: RoomSession) {
        switch binding.track {
        case .audio(let track): session.player.remove(track.receiver)
        case .video(let track):
            session.adaptive.end(binding.sid)
            track.receiver.finish()
        }
    }

    /// Tells the program of tracks whose media came before their publication was known.
    func attachWaitingTracks(_ session: RoomSession) {
        for (key, binding) in session.bindings where !binding.isAttached {
            guard let events = state.attach(binding.track, sid: binding.sid) else { continue }
            session.bindings[key]?.isAttached = true
            emit(events)
            if case .video = binding.track { beginAdapting(binding.sid, session) }
        }
    }

    /// Subscribes to a track, or unsubscribes.
    func setSubscribed(_ isSubscribed: Bool, _ sid: TrackSid) async throws(RoomError) {
        let session = try connectedSession()
        guard state.setDesired(isSubscribed, sid: sid.stringValue) else { throw Self.unknownTrack(sid) }
        await session.signal.send(.subscription(.wish(isSubscribed, sid: sid.stringValue)))
    }

    /// Changes how a track is wanted.
    func updateSettings(
        of sid: TrackSid, _ change: @Sendable (inout TrackSettings) -> Void
    ) async throws(RoomError) {
        let session = try connectedSession()
        guard let message = state.changeSettings(of: sid.stringValue, change) else {
            throw Self.unknownTrack(sid)
        }
        await session.signal.send(.trackSetting(message))
    }

    static func unknownTrack(_ sid: TrackSid) -> RoomError {
        RoomError(
            .invalidState, "There is no track \(sid) in the room any more; look at its publications again.")
    }

    func connectedSession() throws(RoomError) -> RoomSession {
        guard let session, connectionState == .connected || connectionState == .reconnecting else {
            throw RoomError(.invalidState, "The room is not connected; call connect first.")
        }
        return session
    }
}

extension Livekit_UpdateSubscription {
    /// Says whether a track is wanted.
    static func wish(_ isDesired: Bool, sid: String) -> Livekit_UpdateSubscription {
        var message = Livekit_UpdateSubscription()
        message.trackSids = [sid]
        message.subscribe = isDesired
        return message
    }
}

/// What a section of the description carries.
private struct CarriedTrack {
    let sid: String
    let kind: MediaKind
    let participant: String
}
