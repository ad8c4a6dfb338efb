internal import LiveKitProtocol
internal import Logging
internal import MediaCore
internal import PeerConnection

/// Going on with a session whose signaling was lost: the participant, the tracks and the media stay.
extension Room {
    /// Attempts before a new session is opened instead.
    private static let resumeAttempts = 3
    /// How long the media may take to be sound again after the signaling is.
    private static let restartTime: Duration = .seconds(5)

    /// Tries to go on; false when the session is gone, which a new one replaces.
    func resumeSession() async -> Bool {
        var generator = SystemRandomNumberGenerator()
        for attempt in 0..<Self.resumeAttempts {
            if let delay = ReconnectPolicy.delay(before: attempt, using: &generator) {
                try? await Task.sleep(for: delay)
            }
            guard connectionState == .reconnecting, let session else { return false }
            do {
                let response = try await session.signal.resume(
                    reason: .rrSignalDisconnected, known: knownState(session))
                return await goOn(session, response)
            } catch {
                logger.info("the session was not resumed: \(error)")
                if case .left = error { return false }
                guard error.isWorthRetrying else { return false }
            }
        }
        return false
    }

    private func goOn(_ session: RoomSession, _ response: Livekit_ReconnectResponse?) async -> Bool {
        guard connectionState == .reconnecting, session === self.session else { return false }
        if let response {
            let servers = response.iceServers.map { ICEServer($0) }
            await session.publisher.update(iceServers: servers)
            await session.subscriber?.update(iceServers: servers)
        }
        readSignals(of: session)
        guard await restartPublisher(session) else { return false }
        for record in localTracks.values {
            var mute = Livekit_MuteTrackRequest()
            (mute.sid, mute.muted) = (record.info.sid, record.media.isMuted.isSet)
            await session.signal.send(.mute(mute))
        }
        for message in state.trackSettings { await session.signal.send(.trackSetting(message)) }
        return connectionState == .reconnecting
    }

    /// What this side believes: wishes rather than what has arrived, which would end subscriptions that are being set up.
    private func knownState(_ session: RoomSession) -> Livekit_SyncState {
        var known = Livekit_SyncState()
        known.subscription.subscribe = !state.autoSubscribe
        known.subscription.trackSids = state.wishes.filter { $0.value.isDesired != state.autoSubscribe }.keys
            .sorted()
        known.trackSidsDisabled = state.wishes.filter { !$0.value.settings.isEnabled }.keys.sorted()
        known.publishTracks = localTracks.values.map { record in
            var published = Livekit_TrackPublishedResponse()
            (published.cid, published.track) = (record.request.cid, record.info)
            return published
        }
        return known
    }

    /// The server may have another address for us by now: ICE begins anew on the connection that we offer on. On the other
    /// one the server offers.
    private func restartPublisher(_ session: RoomSession) async -> Bool {
        session.offers.abandon()
        let wish = session.offers.want()
        let done = LatestValue<Bool>()
        session.offerWaiters.append((wish, done))
        guard let offer = try? await makeOffer(session, restartsICE: true) else { return false }
        await session.signal.send(.offer(offer))
        guard await done.next(within: Self.restartTime) == true else { return false }
        let end = SystemClock.now + Self.restartTime
        while SystemClock.now < end, connectionState == .reconnecting {
            if await session.peer(session.primary)?.connectionState == .connected { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}
