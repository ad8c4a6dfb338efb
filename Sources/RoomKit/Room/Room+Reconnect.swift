internal import LiveKitProtocol
internal import Logging
internal import MediaCore

/// Regaining a lost connection: the session goes on if it can, else a new one begins, in which everything is published
/// and subscribed again.
extension Room {
    /// The connection is gone: try to get it back, unless that is being done or it never was there.
    func loseConnection(_ failure: RoomError, mode: ReconnectMode = .full) async {
        guard connectionState == .connected else {
            session?.failure = failure
            session?.connected.finish()
            return
        }
        setState(.reconnecting)
        emit(.reconnecting(mode: mode))
        Task(name: "reconnect") { await self.reconnect(mode) }
    }

    private func reconnect(_ mode: ReconnectMode) async {
        if mode == .quick {
            if await resumeSession() {
                setState(.connected)
                return emit(.reconnected(mode: .quick))
            }
            guard connectionState == .reconnecting else { return }
            emit(.reconnecting(mode: .full))
        }
        guard var request = session?.request else { return }
        let lost = Array(localTracks.values)
        let wishes = state.wishes
        for record in lost { record.media.stop() }
        localTracks = [:]
        emit(state.remotes.keys.sorted().flatMap { state.remove($0) })
        await closeSession()
        var generator = SystemRandomNumberGenerator()
        var attempt = 0
        while let delay = ReconnectPolicy.delay(before: attempt, using: &generator) {
            try? await Task.sleep(for: delay)
            guard connectionState == .reconnecting else { return }
            do {
                try await open(request)
                return await resume(lost, wishes)
            } catch {
                logger.info("attempt \(attempt + 1) to reconnect failed: \(error.message)")
                request.token = session?.request.token ?? request.token
                await closeSession()
                if error.code == .unauthorized || error.code == .notFound { break }
            }
            attempt += 1
        }
        await finish(reason: .connectionLost)
    }

    private func resume(_ lost: [LocalTrackRecord], _ wishes: [String: SubscriptionRecord]) async {
        guard connectionState == .reconnecting else { return await closeSession() }
        await repeatWishes(wishes)
        setState(.connected)
        emit(.reconnected(mode: .full))
        for record in lost {
            do {
                try await publishAgain(record)
            } catch {
                logger.warning("\(record.request.name) could not be published again: \(error.message)")
            }
        }
    }

    /// The new session knows nothing of what was asked for in the old one; tracks keep their sids.
    private func repeatWishes(_ wishes: [String: SubscriptionRecord]) async {
        guard let session else { return }
        for (sid, wish) in wishes where state.setDesired(wish.isDesired, sid: sid) {
            if wish.isDesired != state.autoSubscribe {
                await session.signal.send(.subscription(.wish(wish.isDesired, sid: sid)))
            }
            guard let message = state.changeSettings(of: sid, { $0 = wish.settings }) else { continue }
            await session.signal.send(.trackSetting(message))
        }
    }

    private func publishAgain(_ record: LocalTrackRecord) async throws(RoomError) {
        let publication =
            switch record.origin {
            case .audio(let track, let options): try await publish(track, options)
            case .video(let track, let options): try await publish(track, options)
            }
        if record.media.isMuted.isSet { try await setMuted(true, publication.sid) }
    }
}
