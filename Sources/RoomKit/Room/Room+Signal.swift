internal import LiveKitProtocol
internal import Logging
internal import MediaCore
internal import PeerConnection

/// What the server says, and what the connections report.
extension Room {
    func handle(_ event: SignalEvent) async {
        guard let session else { return }
        switch event {
        case .message(let message): await handle(message, session)
        case .tokenRefreshed(let token):
            session.request.token = token
            emit(.tokenRefreshed)
        case .lost(let error):
            logger.warning("signaling lost: \(error)")
            await loseConnection(RoomError(error), mode: .quick)
        }
    }

    private func handle(_ message: Livekit_SignalResponse.OneOf_Message, _ session: RoomSession) async {
        switch message {
        case .answer(let answer): await handle(answer: answer, session)
        case .offer(let offer): await handle(offer: offer, session)
        case .trickle(let trickle): await handle(trickle: trickle, session)
        case .mediaSectionsRequirement(let need): await handle(requirement: need, session)
        case .trackPublished(let published):
            session.pendingPublishes.removeValue(forKey: published.cid)?.store(.success(published.track))
        case .requestResponse(let response): refuse(response, session)
        case .trackUnpublished(let unpublished): await lose(localTrack: unpublished.trackSid)
        case .trackSubscribed(let subscribed): tellSubscribed(subscribed.trackSid)
        case .mute(let mute): await obey(mute)
        case .subscribedQualityUpdate(let update): adapt(to: update, session)
        case .leave(let leave): await handle(leave: leave)
        case .roomMoved(let moved):
            emit(state.move(to: moved))
            emit(.moved(roomName: moved.room.name))
        default:
            emit(state.apply(message))
            attachWaitingTracks(session)
        }
    }

    private func handle(leave: Livekit_LeaveRequest) async {
        let reason = DisconnectReason(leave.reason)
        let failure = RoomError(
            .refused, "The server ended the session while joining (\(reason.rawValue)); try again.")
        guard connectionState == .connected, leave.action == .disconnect else {
            return await loseConnection(failure)
        }
        await end(reason: reason)
    }

    /// Ends the session from inside one of its own tasks, which therefore must not wait for itself.
    func end(reason: DisconnectReason) async {
        Task(name: "leave") { await self.finish(reason: reason) }
    }

    /// One event of a connection.
    func handle(_ event: PeerEvent, from role: PeerRole) async {
        guard let session else { return }
        switch event {
        case .localCandidate(let candidate): await send(candidate, of: role, session)
        case .stateChanged(let new): await handle(state: new, of: role, session)
        case .dataChannelOpen(let label): open(channel: label, session)
        case .data(let label, let bytes, _): receive(bytes, on: label)
        case .keyframeRequested(let mid, let source): requestKeyframe(of: source, sentOn: mid)
        case .lossExpected(let mid, let percent) where role == .publisher:
            expectLoss(percent, ofSectionSentOn: mid)
        case .sendBitrate(let estimate) where role == .publisher:
            session.sendBitrate = estimate
            shareSendBitrate(session)
        default: break
        }
    }

    private func handle(state new: PeerConnectionState, of role: PeerRole, _ session: RoomSession) async {
        logger.debug("connection \(role) is \(new)")
        switch new {
        case .connected where role == session.primary: session.connected.store(true)
        case .failed:
            await loseConnection(
                RoomError(
                    .timedOut, "The media connection failed; check that UDP or TCP to the server is open."))
        default: break
        }
    }
}

extension RoomState {
    /// The server moved us to another room: everybody there is new, the connections stay.
    mutating func move(to moved: Livekit_RoomMovedResponse) -> [RoomEvent] {
        var events = remotes.keys.sorted().flatMap { remove($0) }
        var join = Livekit_JoinResponse()
        join.room = moved.room
        join.participant = moved.participant
        join.otherParticipants = moved.otherParticipants
        events += self.join(join)
        return events
    }
}
