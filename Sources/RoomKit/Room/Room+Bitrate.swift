internal import LiveKitProtocol
internal import MediaCore
internal import PeerConnection

/// What the path to the server carries, shared among our tracks.
extension Room {
    /// Tells every encoder, and the pacer behind them, how much they may make now.
    func shareSendBitrate(_ session: RoomSession) {
        let records = localTracks.values.sorted { $0.info.sid < $1.info.sid }
        var shares = SendShares(audioTrackCount: records.count { $0.media.kind == .audio })
        var publishers: [VideoPublisher] = []
        for record in records {
            guard case .video(let publisher) = record.media else { continue }
            publishers.append(publisher)
            shares.maximums.append(record.wantedBitrate)
        }
        session.publisher.setMaximumBitrate(shares.ceiling)
        guard let estimate = session.sendBitrate else {
            return session.publisher.setVideoBitrate(shares.maximums.reduce(.zero, +))
        }
        let bitrates = shares.bitrates(of: estimate)
        for (publisher, bitrate) in zip(publishers, bitrates) { publisher.limit(to: bitrate) }
        session.publisher.setVideoBitrate(bitrates.reduce(.zero, +))
    }
}
