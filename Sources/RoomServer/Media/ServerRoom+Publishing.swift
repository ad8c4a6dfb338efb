import LiveKitProtocol
import Logging
import MediaCore
import PeerConnection

/// What clients publish: tracks begin and end with the sections that carry them.
extension ServerRoom {
    /// A section of the client carries a track: begins with it, or puts it aside until it is announced.
    func publish(_ section: PublishedSection, of client: ServerClient) {
        if let current = client.published.first(where: { $0.mid.value == section.mid }) {
            // A section may go from one track to the next within a single offer.
            guard state.isReplaced(current.sid, by: section, of: client.sid) else { return }
            endPublished(current.mid, of: client)
            performAll()
        }
        client.parked.removeAll { $0.mid == section.mid }
        guard let stream = state.negotiated(section, by: client.sid) else {
            client.parked.append(section)
            return
        }
        let record = state.owner(of: stream.track)?.track.info
        if section.type == .audio, let record {
            client.publisher.assumeIsolated {
                $0.setSoundTerms(SoundTerms(of: record), on: MediaID(section.mid))
            }
        }
        let track = PublishedTrack(
            stream, publisher: client.sid, peer: client.publisher, mid: MediaID(section.mid),
            kind: section.type == .audio ? .audio : .video, rids: section.rids,
            isScreen: record?.source == .screenShare)
        track.isMuted = record?.muted ?? false
        tracks[stream] = track
        client.published.append(track)
        attachWaiting(to: track)
        logger.info(
            "track published", metadata: ["track": "\(track.sid.text)", "codec": "\(section.mimeType)"])
    }

    /// A track was announced: perhaps its section is there already.
    func publishParked(_ client: ServerClient) {
        for section in client.parked { publish(section, of: client) }
        performAll()
        bindPublished(client)
    }

    /// Learns the negotiated payload types of what the client publishes.
    func bindPublished(_ client: ServerClient) {
        for track in client.published {
            let mid = track.mid
            track.negotiated(client.publisher.assumeIsolated { $0.receivingCodecs(on: mid) })
        }
    }

    /// The client does not send in a section any more.
    func endPublished(_ mid: MediaID, of client: ServerClient) {
        guard let track = client.published.first(where: { $0.mid == mid }) else { return }
        guard track.stream.codec > 0 else { return state.ended(track.sid, by: client.sid) }
        state.endedCodec(track.stream, by: client.sid)
        tracks[track.stream] = nil
        client.published.removeAll { $0 === track }
    }

    /// Forgets a track; its subscriptions have ended before.
    func unpublish(_ track: TrackSID, of sid: ParticipantSID) {
        for stream in tracks.keys where stream.track == track { tracks[stream] = nil }
        clients[sid]?.published.removeAll { $0.sid == track }
        logger.info("track unpublished", metadata: ["track": "\(track.text)"])
    }
}

extension SoundTerms {
    /// What the publisher of a track has asked for, in the old fields or the new ones.
    fileprivate init(of track: Livekit_TrackInfo) {
        self.init(
            isRedundant: !track.disableRed,
            hasPauses: !track.disableDtx && !track.audioFeatures.contains(.tfNoDtx),
            isStereo: track.stereo || track.audioFeatures.contains(.tfStereo))
    }
}
