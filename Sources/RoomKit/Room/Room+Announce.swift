internal import LiveKitProtocol
internal import MediaCore
internal import PeerConnection

/// How a track of ours comes to be sent: asked for, negotiated, encoded.
extension Room {
    /// Announces a track, waits for the server, adds a section and negotiates it.
    func announce(
        _ announcement: TrackAnnouncement, _ media: LocalMediaPublisher, _ origin: LocalTrackOrigin,
        _ session: RoomSession
    ) async throws(RoomError) -> LocalTrackRecord {
        let info = try await request(announcement, session)
        let mid = await session.publisher.addTransceiver(
            media.kind, .sendonly, sending: announcement.sending, codecs: announcement.codecs)
        try await negotiate(session)
        var record = LocalTrackRecord(
            info: info, request: announcement.request, media: media, origin: origin, mid: mid, encodings: [])
        if case .video(let publisher) = media {
            record.encodings = [await encoding(announcement, on: mid, publisher.primary, session)]
        }
        localTracks[info.sid] = record
        adapt(record, session)
        shareSendBitrate(session)
        return record
    }

    /// Asks the server for a track and waits until it has accepted it.
    func request(
        _ announcement: TrackAnnouncement, _ session: RoomSession
    ) async throws(RoomError) -> Livekit_TrackInfo {
        let request = announcement.request
        let reply = LatestValue<Result<Livekit_TrackInfo, RoomError>>()
        session.pendingPublishes[request.cid] = reply
        await session.signal.send(.addTrack(request))
        guard let outcome = await reply.next(within: .seconds(10)) else {
            session.pendingPublishes[request.cid] = nil
            throw RoomError(
                .timedOut, "The server did not accept the track \(request.name) within 10 seconds; try again."
            )
        }
        return try outcome.get()
    }

    /// The server refuses what was asked for; a track that is only queued comes later.
    func refuse(_ response: Livekit_RequestResponse, _ session: RoomSession) {
        guard case .addTrack(let request) = response.request, response.reason != .ok,
            response.reason != .queued
        else { return }
        let failure = RoomError(
            .refused, "The server refused the track \(request.name): \(response.reason) \(response.message)")
        session.pendingPublishes.removeValue(forKey: request.cid)?.store(.failure(failure))
    }

    /// What negotiation has left of an announced codec.
    func encoding(
        _ announcement: TrackAnnouncement, on mid: MediaID, _ sender: VideoSender, _ session: RoomSession
    ) async -> LocalEncoding {
        let accepted = await session.publisher.acceptedLayers(on: mid)
        let negotiated = await session.publisher.sendingCodecs(on: mid).compactMap(\.codec)
        // Those who answer may put another first than they were asked for, but mean that it may be sent.
        let codec = announcement.codecs.first(where: negotiated.contains) ?? announcement.codecs[0]
        return LocalEncoding(
            codec: codec, sending: announcement.sending, layers: announcement.layers(accepted: accepted),
            mid: mid, sender: sender)
    }

    /// Starts to encode and send pictures in a negotiated codec.
    func start(
        _ encoding: LocalEncoding, of publisher: VideoPublisher, _ origin: LocalTrackOrigin,
        _ session: RoomSession
    ) {
        let destination = VideoSender.Destination(
            peer: session.publisher, mid: encoding.mid, layers: encoding.layers, codec: encoding.codec,
            isScreen: origin.isScreen)
        let thread = PinnedThread(name: "encode")
        session.jobs.start("encode") {
            await publisher.stop.run(on: thread) { await encoding.sender.encode(to: destination) }
        }
        shareWhenSettled(session)
    }

    /// Takes sections out of use; the next negotiation tells the server.
    func stopSending(on sections: [MediaID], _ session: RoomSession) async {
        for mid in sections {
            await session.publisher.setSending(nil, on: mid)
            await session.publisher.setDirection(.inactive, on: mid)
        }
    }
}
