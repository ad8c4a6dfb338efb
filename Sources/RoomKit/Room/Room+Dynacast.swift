internal import LiveKitProtocol
internal import MediaCore

/// Which codecs and sizes of our pictures somebody watches; the others are not encoded.
extension Room {
    /// The server says so, for each codec of a track. It may come before the track is negotiated.
    func adapt(to update: Livekit_SubscribedQualityUpdate, _ session: RoomSession) {
        session.watchedQualities[update.trackSid] = update
        guard let record = localTracks[update.trackSid] else { return }
        adapt(record, session)
        shareSendBitrate(session)
    }

    /// Does as the server said last about a track.
    func adapt(_ record: LocalTrackRecord, _ session: RoomSession) {
        guard let update = session.watchedQualities[record.info.sid] else { return }
        for encoding in record.encodings {
            // The backup codec is there for those who asked for it, whatever the options say.
            guard options.dynacast || encoding.codec == record.backupCodec,
                let qualities = update.qualities(of: encoding.codec)
            else { continue }
            encoding.watch(qualities)
        }
        if let codec = record.backupCodec, update.wants(codec) { openBackup(codec, of: record, session) }
    }
}

extension Livekit_SubscribedQualityUpdate {
    /// What is wanted of a codec; `nil` when nothing is said about it. Old servers name no codecs.
    func qualities(of codec: MediaCodec) -> [Livekit_SubscribedQuality]? {
        guard !subscribedCodecs.isEmpty else {
            return subscribedQualities.isEmpty ? nil : subscribedQualities
        }
        return subscribedCodecs.first { $0.codec.lowercased() == codec.rawValue }?.qualities
    }

    /// Whether somebody needs this very codec.
    func wants(_ codec: MediaCodec) -> Bool {
        !subscribedCodecs.isEmpty && qualities(of: codec)?.contains(where: \.enabled) == true
    }
}
