internal import LiveKitProtocol
internal import Logging
internal import MediaCore
internal import PeerConnection

/// A second codec for those who cannot decode the first: opened when the server says that there is somebody.
///
/// The track stays one: the second codec is announced for its sid and gets a section and an encoder of its own, fed with
/// the same captured pictures. It stays negotiated until the track ends, and its encoder sleeps while nobody watches.
extension Room {
    /// Begins to send a track in its backup codec too, unless it is sent or being opened.
    func openBackup(_ codec: MediaCodec, of record: LocalTrackRecord, _ session: RoomSession) {
        let sid = record.info.sid
        guard !record.encodings.contains(where: { $0.codec == codec }),
            session.openingBackups.insert(sid).inserted
        else { return }
        // Not here: the answers come through the task that brought the wish.
        session.jobs.start("backup codec") { [weak self] in await self?.openBackup(codec, ofTrack: sid) }
    }

    private func openBackup(_ codec: MediaCodec, ofTrack sid: String) async {
        guard let session else { return }
        do {
            try await publishBackup(codec, ofTrack: sid, session)
        } catch {
            guard session === self.session else { return }
            // The next wish of the server tries again.
            logger.warning("\(sid) could not be sent as \(codec.rawValue) too: \(error.message)")
        }
        session.openingBackups.remove(sid)
    }

    private func publishBackup(
        _ codec: MediaCodec, ofTrack sid: String, _ session: RoomSession
    ) async throws(RoomError) {
        guard let record = localTracks[sid], case .video(let publisher) = record.media,
            let announcement = TrackAnnouncement(backup: codec, of: record)
        else { return }
        let info = try await request(announcement, session)
        let mid = await session.publisher.addTransceiver(
            .video, .sendonly, sending: announcement.sending, codecs: announcement.codecs)
        do {
            try await negotiate(session)
        } catch {
            await stopSending(on: [mid], session)
            throw error
        }
        let encoding = await encoding(announcement, on: mid, publisher.makeSender(), session)
        guard localTracks[sid] != nil else {
            // It was taken out of the room meanwhile.
            await stopSending(on: [mid], session)
            return try await negotiate(session)
        }
        localTracks[sid]?.info.codecs = info.codecs
        localTracks[sid]?.encodings.append(encoding)
        if let record = localTracks[sid] { adapt(record, session) }
        shareSendBitrate(session)
        start(encoding, of: publisher, record.origin, session)
        publisher.add(encoding.sender)
    }
}
