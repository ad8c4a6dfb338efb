internal import Codecs
internal import LiveKitProtocol
internal import Logging
internal import MediaCore
internal import PeerConnection
internal import RTP

/// Own tracks: announced, negotiated, muted, taken out.
extension Room {
    func publish(
        _ track: LocalVideoTrack, _ options: VideoPublishOptions?
    ) async throws(RoomError) -> LocalTrackPublication {
        let session = try connectedSession()
        let options = encodable(options ?? self.options.videoPublish, session)
        try checkPermission(options.source)
        let publisher = VideoPublisher(track: track)
        let camera = PinnedThread(name: "camera")
        session.jobs.start("camera") { await publisher.stop.run(on: camera) { await publisher.capture() } }
        do {
            let format = try await publisher.opened(within: .seconds(10))
            let announcement = TrackAnnouncement(
                video: options, format: format, cname: state.local.info.identity)
            let record = try await announce(
                announcement, .video(publisher), .video(track, options), session)
            for encoding in record.encodings { start(encoding, of: publisher, record.origin, session) }
            return tellPublished(record)
        } catch {
            publisher.stop.stop()
            throw error
        }
    }

    func publish(
        _ track: LocalAudioTrack, _ options: AudioPublishOptions?
    ) async throws(RoomError) -> LocalTrackPublication {
        let session = try connectedSession()
        let options = options ?? self.options.audioPublish
        try checkPermission(options.source)
        let publisher = AudioPublisher(
            track: track, options: options, processor: session.processor,
            playbackDelay: session.player.playbackDelay)
        let microphone = PinnedThread(name: "mic")
        session.jobs.start("mic") { await publisher.stop.run(on: microphone) { await publisher.run() } }
        do {
            try await publisher.opened()
            let announcement = TrackAnnouncement(audio: options, cname: state.local.info.identity)
            let record = try await announce(
                announcement, .audio(publisher), .audio(track, options), session)
            publisher.start(AudioPublisher.Destination(peer: session.publisher, mid: record.mid))
            return tellPublished(record)
        } catch {
            publisher.stop.stop()
            throw error
        }
    }

    /// The options with codecs that we can encode and the server allows.
    private func encodable(_ options: VideoPublishOptions, _ session: RoomSession) -> VideoPublishOptions {
        var options = options
        if let obstacle = obstacle(to: options.codec, session) {
            logger.warning("\(obstacle); sending vp8 instead.")
            options.codec = .vp8
        }
        if let backup = options.chosenBackupCodec, obstacle(to: backup, session) != nil {
            options.backupCodec = .none
        }
        return options
    }

    /// Why a codec cannot be sent.
    private func obstacle(to codec: MediaCodec, _ session: RoomSession) -> String? {
        guard codec.isVideo, session.publishCodecs.allow(codec) else {
            return "The server does not allow publishing \(codec.rawValue)"
        }
        do {
            try VideoEncoders.load(codec)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func checkPermission(_ source: TrackSource) throws(RoomError) {
        guard state.local.permissions.allowsPublishing(source) else {
            throw RoomError(
                .permission,
                "The token does not allow publishing \(source.rawValue); ask for one with that grant.")
        }
    }

    private func tellPublished(_ record: LocalTrackRecord) -> LocalTrackPublication {
        let publication = publication(of: record)
        emit(.localTrackPublished(publication))
        return publication
    }

    func unpublish(_ sid: TrackSid) async throws(RoomError) {
        let session = try connectedSession()
        guard let record = localTracks.removeValue(forKey: sid.stringValue) else {
            throw Self.unknownTrack(sid)
        }
        record.media.stop()
        shareSendBitrate(session)
        await stopSending(on: record.sections, session)
        emit(.localTrackUnpublished(publication(of: record)))
        try await negotiate(session)
    }

    /// The server took a track of ours out.
    func lose(localTrack sid: String) async {
        guard let session, let record = localTracks.removeValue(forKey: sid) else { return }
        record.media.stop()
        shareSendBitrate(session)
        await stopSending(on: record.sections, session)
        emit(.localTrackUnpublished(publication(of: record)))
        _ = session.offers.want()
        await offerIfWanted(session)
    }

    /// Stops or resumes sending, and lets the others know.
    func setMuted(_ isMuted: Bool, _ sid: TrackSid) async throws(RoomError) {
        let session = try connectedSession()
        guard let record = localTracks[sid.stringValue] else { throw Self.unknownTrack(sid) }
        guard record.media.isMuted.isSet != isMuted else { return }
        mute(record, isMuted)
        var message = Livekit_MuteTrackRequest()
        message.sid = sid.stringValue
        message.muted = isMuted
        await session.signal.send(.mute(message))
    }

    private func mute(_ record: LocalTrackRecord, _ isMuted: Bool) {
        record.media.isMuted.isSet = isMuted
        if !isMuted { for encoding in record.encodings { encoding.sender.requestKeyframe() } }
        localTracks[record.info.sid]?.info.muted = isMuted
        if let session { shareSendBitrate(session) }
        let publication = publication(of: record)
        emit(
            isMuted
                ? .trackMuted(publication, localParticipant) : .trackUnmuted(publication, localParticipant))
    }

    /// The server mutes a track of ours.
    func obey(_ mute: Livekit_MuteTrackRequest) async {
        guard let record = localTracks[mute.sid], record.media.isMuted.isSet != mute.muted else { return }
        self.mute(record, mute.muted)
    }

    /// Publishes the camera of the options, or mutes and unmutes it.
    func setCamera(enabled: Bool) async throws(RoomError) -> LocalTrackPublication? {
        if let track = localTracks.values.first(where: { $0.info.source == .camera }) {
            try await setMuted(!enabled, TrackSid(track.info.sid))
            return localTracks[track.info.sid].map { publication(of: $0) }
        }
        guard enabled else { return nil }
        guard let source = options.defaultCamera else {
            throw RoomError(
                .media, "No camera is set in the room's options; set defaultCamera or publish a track.")
        }
        return try await publish(LocalVideoTrack(source: source), nil)
    }

    /// Publishes the microphone of the options, or mutes and unmutes it.
    func setMicrophone(enabled: Bool) async throws(RoomError) -> LocalTrackPublication? {
        if let track = localTracks.values.first(where: { $0.info.source == .microphone }) {
            try await setMuted(!enabled, TrackSid(track.info.sid))
            return localTracks[track.info.sid].map { publication(of: $0) }
        }
        guard enabled else { return nil }
        guard let source = options.defaultMicrophone else {
            throw RoomError(
                .media,
                "No microphone is set in the room's options; set defaultMicrophone or publish a track.")
        }
        return try await publish(LocalAudioTrack(source: source), nil)
    }

    /// Somebody needs a key frame of one stream that is sent on a section.
    func requestKeyframe(of source: SSRC, sentOn mid: MediaID) {
        for encoding in localTracks.values.flatMap(\.encodings) where encoding.mid == mid {
            encoding.sender.requestKeyframe(of: encoding.layer(of: source))
        }
    }

    /// Sound sent on a section is prepared for this much loss.
    func expectLoss(_ percent: Int, ofSectionSentOn mid: MediaID) {
        for record in localTracks.values where record.mid == mid {
            if case .audio(let publisher) = record.media { publisher.expectedLossPercent.value = percent }
        }
    }

    func tellSubscribed(_ sid: String) {
        guard let record = localTracks[sid] else { return }
        emit(.localTrackSubscribed(publication(of: record)))
    }
}
