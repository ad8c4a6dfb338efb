internal import LiveKitProtocol
internal import MediaCore
internal import PeerConnection

/// Which sizes of our pictures somebody watches; the others are not encoded.
extension Room {
    /// The server says so, for each codec of a track. It may come before the track is negotiated.
    func adapt(to update: Livekit_SubscribedQualityUpdate, _ session: RoomSession) {
        session.watchedQualities[update.trackSid] = update
        guard let record = localTracks[update.trackSid] else { return }
        adapt(record, to: update)
        shareSendBitrate(session)
    }

    func adapt(_ record: LocalTrackRecord, to update: Livekit_SubscribedQualityUpdate?) {
        guard options.dynacast, case .video(let publisher) = record.media, let update,
            let qualities = update.qualities(of: record.request.simulcastCodecs.first?.codec ?? "")
        else { return }
        publisher.watch(
            record.codec == .vp9
                ? qualities.watchedSizes : record.layers.map { $0.isWatched(qualities) })
    }
}

extension Livekit_SubscribedQualityUpdate {
    /// What is wanted of a codec; `nil` when nothing is said about it. Old servers name no codecs.
    func qualities(of codec: String) -> [Livekit_SubscribedQuality]? {
        guard !subscribedCodecs.isEmpty else {
            return subscribedQualities.isEmpty ? nil : subscribedQualities
        }
        return subscribedCodecs.first { $0.codec.lowercased() == codec }?.qualities
    }
}

extension [Livekit_SubscribedQuality] {
    /// Of a stream that has all sizes: which are needed. The large ones build on the small ones.
    fileprivate var watchedSizes: [Bool] {
        let highest = filter(\.enabled).map(\.quality.rawValue).max() ?? -1
        return (0..<VideoPublisher.layerLimit).map { $0 <= highest }
    }
}

extension VideoLayer {
    /// Whether one of the wanted qualities is this one; a track in one size serves them all.
    func isWatched(_ qualities: [Livekit_SubscribedQuality]) -> Bool {
        qualities.contains { $0.enabled && (rid == nil || $0.quality == quality.proto) }
    }
}
