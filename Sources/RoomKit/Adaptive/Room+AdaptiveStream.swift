internal import LiveKitProtocol
internal import Logging
internal import MediaCore

// Tells the server at what size tracks are drawn.
extension Room {
    /// A track has media now.
    func beginAdapting(_ sid: String, _ session: RoomSession) {
        guard options.adaptiveStream else { return }
        session.adaptive.begin(sid, at: SystemClock.now)
        armAdaptiveTimer(session)
    }

    /// A renderer of a track came, went or changed its size.
    func follow(_ change: RendererChange, of sid: String) async {
        guard options.adaptiveStream, let session else { return }
        session.adaptive.receive(change, of: sid, at: SystemClock.now)
        await tellDrawnSizes(session)
    }

    private func tellDrawnSizes(_ session: RoomSession) async {
        session.adaptive.advance(to: SystemClock.now)
        while let (sid, demand) = session.adaptive.nextOutput() {
            guard let message = state.setDrawn(demand, sid: sid) else { continue }
            logger.debug("track \(sid) is wanted as \(demand)")
            await session.signal.send(.trackSetting(message))
        }
        armAdaptiveTimer(session)
    }

    /// One job sleeps until the earliest deadline; another is started only for an earlier one.
    private func armAdaptiveTimer(_ session: RoomSession) {
        guard let due = session.adaptive.nextDeadline, due < session.adaptiveTimer ?? .distantFuture else {
            return
        }
        session.adaptiveTimer = due
        session.jobs.start("adaptive stream") { [weak self] in
            guard (try? await Task.sleep(for: max(.zero, due - SystemClock.now))) != nil else { return }
            await self?.adaptiveTimerFired(due)
        }
    }

    private func adaptiveTimerFired(_ due: MonotonicTime) async {
        guard let session else { return }
        if session.adaptiveTimer == due { session.adaptiveTimer = nil }
        await tellDrawnSizes(session)
    }
}
