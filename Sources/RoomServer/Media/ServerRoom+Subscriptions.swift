import LiveKitProtocol
import Logging
import MediaCore
import PeerConnection
import RTP

/// Publishing tracks and bringing them to subscribers.
extension ServerRoom {
    /// A section of the client carries a track: begins with it, or puts it aside until it is announced.
    func publish(_ section: PublishedSection, of client: ServerClient) {
        if let current = client.published.first(where: { $0.mid.value == section.mid }) {
            // A section may go from one track to the next within a single offer.
            guard state.isReplaced(current.sid, by: section, of: client.sid) else { return }
            state.ended(current.sid, by: client.sid)
            performAll()
        }
        client.parked.removeAll { $0.mid == section.mid }
        guard let sid = state.negotiated(section, by: client.sid) else {
            client.parked.append(section)
            return
        }
        let track = PublishedTrack(
            sid, publisher: client.sid, peer: client.publisher, mid: MediaID(section.mid),
            kind: section.type == .audio ? .audio : .video, rids: section.rids,
            isScreen: state.owner(of: sid)?.track.info.source == .screenShare)
        track.isMuted = state.owner(of: sid)?.track.info.muted ?? false
        tracks[sid] = track
        client.published.append(track)
        logger.info("track published", metadata: ["track": "\(sid.text)", "codec": "\(section.mimeType)"])
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
        state.ended(track.sid, by: client.sid)
    }

    /// Forgets a track; its subscriptions have ended before.
    func unpublish(_ track: TrackSID, of sid: ParticipantSID) {
        tracks[track] = nil
        clients[sid]?.published.removeAll { $0.sid == track }
        logger.info("track unpublished", metadata: ["track": "\(track.text)"])
    }

    /// Brings a track to a participant: finds it a section, and has it negotiated.
    func subscribe(_ sid: ParticipantSID, to track: TrackSID) {
        guard let client = clients[sid], let published = tracks[track] else { return }
        let stream = "\(published.publisher.text)|\(track.text)"
        let media = LocalMedia.make(streamID: stream, trackID: track.text, cname: stream)
        let kind = published.kind
        let isSound = kind == .audio
        let downlink = Downlink(
            track, to: sid, on: client.downstream, media: media,
            forwarder: Forwarder(
                clockRate: isSound ? 48_000 : 90_000, isOneStream: published.isOneStream,
                beginsAnywhere: isSound))
        downlink.forwarder.mute(published.isMuted)
        client.downlinks.append(downlink)
        published.downlinks.append(downlink)
        if let mid = client.plan.add(track, kind) {
            place(track, in: mid, of: client)
        } else if let subscriber = client.subscriber {
            let mid = subscriber.assumeIsolated { $0.addTransceiver(kind, .sendonly, sending: media) }
            _ = client.plan.offer(mid, kind)
            downlink.mid = mid
        }
        client.pacer.need()
    }

    /// Puts a track into a section of the client; it flows after the next exchange.
    func place(_ track: TrackSID, in mid: MediaID, of client: ServerClient) {
        guard let downlink = client.downlinks.first(where: { $0.track == track }) else { return }
        let media = downlink.media
        downlink.mid = mid
        downlink.peer.assumeIsolated {
            $0.setDirection(.sendonly, on: mid)
            $0.setSending(media, on: mid)
        }
    }

    /// Stops bringing a track to a participant.
    func unsubscribe(_ sid: ParticipantSID, from track: TrackSID) {
        tracks[track]?.downlinks.removeAll { $0.subscriber == sid }
        guard let client = clients[sid], let index = client.downlinks.firstIndex(where: { $0.track == track })
        else {
            return
        }
        client.downlinks.remove(at: index)
        if let mid = client.plan.remove(track) {
            client.downstream.assumeIsolated {
                $0.setSending(nil, on: mid)
                $0.setDirection(.inactive, on: mid)
            }
        }
        client.pacer.need()
    }

    /// An exchange is over: lets packets flow where a section has been agreed on.
    func bindDownlinks(_ client: ServerClient) {
        for downlink in client.downlinks {
            guard let mid = downlink.mid else { continue }
            let codecs = client.downstream.assumeIsolated { peer in
                peer.currentDirection(of: mid).sends ? peer.sendingCodecs(on: mid) : []
            }
            downlink.bind(codecs)
            if let track = tracks[downlink.track] { refresh(track, at: SystemClock.now) }
        }
    }

    /// A subscriber wants a track in another form.
    func prefer(_ preference: TrackPreference, of track: TrackSID, for sid: ParticipantSID) {
        guard let published = tracks[track] else { return }
        published.downlinks.first { $0.subscriber == sid }?.forwarder.prefer(preference)
        if let client = clients[sid] { allocate(client, at: SystemClock.now) }
        refresh(published, at: SystemClock.now)
    }

    /// A publisher has muted or unmuted a track.
    func mute(_ track: TrackSID, _ isMuted: Bool) {
        guard let published = tracks[track] else { return }
        published.isMuted = isMuted
        for downlink in published.downlinks { downlink.forwarder.mute(isMuted) }
        refresh(published, at: SystemClock.now)
    }
}
