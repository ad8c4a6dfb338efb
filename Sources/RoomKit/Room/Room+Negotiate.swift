internal import Foundation
internal import LiveKitProtocol
internal import Logging
internal import MediaCore
internal import PeerConnection

/// Offers and answers on both connections.
extension Room {
    /// Asks for a negotiation and returns when an answer that covers everything up to now has been applied.
    func negotiate(_ session: RoomSession) async throws(RoomError) {
        let wish = session.offers.want()
        let done = LatestValue<Bool>()
        session.offerWaiters.append((wish, done))
        await offerIfWanted(session)
        guard await done.next(within: .seconds(15)) == true else {
            throw RoomError(
                .timedOut, "The server did not answer the offer within 15 seconds; try to join again.")
        }
    }

    /// Sends an offer unless one is out already.
    func offerIfWanted(_ session: RoomSession) async {
        do {
            let offer = try await makeOffer(session)
            if !offer.sdp.isEmpty { await session.signal.send(.offer(offer)) }
        } catch {
            logger.warning("no offer could be made: \(error.message)")
        }
    }

    /// The offer to send now; empty when one is out or nothing is wanted.
    func makeOffer(
        _ session: RoomSession, restartsICE: Bool = false
    ) async throws(RoomError) -> Livekit_SessionDescription {
        var description = Livekit_SessionDescription()
        guard let id = session.offers.begin() else { return description }
        do {
            description.sdp = try await session.publisher.createOffer(iceRestart: restartsICE)
        } catch {
            session.offers.abandon()
            throw RoomError(.media, "The media session could not be described: \(error)", underlying: error)
        }
        description.type = "offer"
        description.id = id
        return description
    }

    /// The server's answer to our offer.
    func handle(answer: Livekit_SessionDescription, _ session: RoomSession) async {
        guard session.offers.accepts(id: answer.id) else { return }
        do {
            try await session.publisher.acceptAnswer(answer.sdp)
        } catch {
            logger.warning("the server's answer cannot be used: \(error)")
            return
        }
        session.offers.complete()
        await bindSections(of: .publisher, session, trackIDs: answer.midToTrackID)
        let served = session.offers.served
        for waiter in session.offerWaiters where waiter.wish <= served { waiter.done.store(true) }
        session.offerWaiters.removeAll { $0.wish <= served }
        await offerIfWanted(session)
    }

    /// The server's offer on the subscriber connection.
    func handle(offer: Livekit_SessionDescription, _ session: RoomSession) async {
        guard let subscriber = session.subscriber else { return }
        do {
            var answer = Livekit_SessionDescription()
            answer.sdp = try await subscriber.acceptOffer(offer.sdp)
            answer.type = "answer"
            answer.id = offer.id
            await session.signal.send(.answer(answer))
        } catch {
            logger.warning("the server's offer cannot be used: \(error)")
            return
        }
        await bindSections(of: .subscriber, session, trackIDs: offer.midToTrackID)
    }

    /// A candidate of the server.
    func handle(trickle: Livekit_TrickleRequest, _ session: RoomSession) async {
        guard
            let json = try? JSONDecoder().decode(CandidateInit.self, from: Data(trickle.candidateInit.utf8)),
            let peer = session.peer(session.isSinglePeerConnection ? .publisher : PeerRole(trickle.target))
        else { return }
        await peer.addRemoteCandidate(json.candidate, mid: json.sdpMid)
    }

    /// A candidate of ours.
    func send(_ candidate: LocalCandidate, of role: PeerRole, _ session: RoomSession) async {
        let json = CandidateInit(
            candidate: candidate.candidate, sdpMid: candidate.mid, sdpMLineIndex: candidate.lineIndex)
        guard let data = try? JSONEncoder().encode(json) else { return }
        var trickle = Livekit_TrickleRequest()
        trickle.candidateInit = String(decoding: data, as: UTF8.self)
        trickle.target = role.target
        await session.signal.send(.trickle(trickle))
    }

    /// The server needs more sections to send us everything; none means "just negotiate again".
    func handle(requirement: Livekit_MediaSectionsRequirement, _ session: RoomSession) async {
        for _ in 0..<min(requirement.numAudios, 64) {
            _ = await session.publisher.addTransceiver(.audio, .recvonly)
        }
        for _ in 0..<min(requirement.numVideos, 64) {
            _ = await session.publisher.addTransceiver(.video, .recvonly)
        }
        _ = session.offers.want()
        await offerIfWanted(session)
    }
}

/// RTCIceCandidateInit as JSON; other SDKs insist on all three members.
private struct CandidateInit: Codable {
    var candidate: String
    var sdpMid: String?
    var sdpMLineIndex: Int?
}
