internal import LiveKitProtocol
internal import MediaCore
internal import PeerConnection

/// What the path to the server carries, shared among our tracks.
extension Room {
    /// Tells every encoder, and the pacer behind them, how much they may make now. A muted track leaves its share to
    /// the others.
    func shareSendBitrate(_ session: RoomSession) {
        let records = localTracks.values.filter { !$0.media.isMuted.isSet }.sorted {
            $0.info.sid < $1.info.sid
        }
        var shares = SendShares()
        var senders: [VideoSender] = []
        for record in records {
            if case .audio(_, let options) = record.origin {
                shares.addSound(options.bitrate, isCopied: options.red)
            }
            for encoding in record.encodings {
                if SystemClock.now - encoding.began < SendShares.settling {
                    shares.newcomers.insert(shares.maximums.count)
                }
                senders.append(encoding.sender)
                shares.maximums.append(encoding.wantedBitrate)
            }
        }
        session.publisher.setMaximumBitrate(shares.ceiling)
        guard let estimate = session.sendBitrate else {
            return session.publisher.setVideoBitrate(shares.maximums.reduce(.zero, +))
        }
        let bitrates = shares.bitrates(of: estimate)
        for (sender, bitrate) in zip(senders, bitrates) { sender.limit(to: bitrate) }
        session.publisher.setVideoBitrate(bitrates.reduce(.zero, +))
    }

    /// Shares anew when something that has begun now is no newcomer any more.
    func shareWhenSettled(_ session: RoomSession) {
        session.jobs.start("shares") { [weak self] in
            try? await Task.sleep(for: SendShares.settling)
            await self?.shareSendBitrate()
        }
    }

    private func shareSendBitrate() {
        if let session { shareSendBitrate(session) }
    }
}
