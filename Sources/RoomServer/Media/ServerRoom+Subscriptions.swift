import LiveKitProtocol
import Logging
import MediaCore
import PeerConnection
import RTP

/// Bringing tracks to subscribers.
extension ServerRoom {
    /// Brings a track to a participant: finds it a section, and has it negotiated.
    func subscribe(_ sid: ParticipantSID, to track: TrackSID) {
        guard let client = clients[sid], let published = tracks[TrackStream(track: track)] else { return }
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
        for published in tracks.values where published.sid == track {
            published.downlinks.removeAll { $0.subscriber == sid }
        }
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
            chooseCodec(of: downlink)
            if let track = tracks[downlink.source] { refresh(track, at: SystemClock.now) }
        }
        performAll()
    }

    /// A subscriber wants a track in another form.
    func prefer(_ preference: TrackPreference, of track: TrackSID, for sid: ParticipantSID) {
        guard let client = clients[sid], let downlink = client.downlinks.first(where: { $0.track == track })
        else {
            return
        }
        downlink.forwarder.prefer(preference)
        allocate(client, at: SystemClock.now)
        if let published = tracks[downlink.source] { refresh(published, at: SystemClock.now) }
    }

    /// A publisher has muted or unmuted a track.
    func mute(_ track: TrackSID, _ isMuted: Bool) {
        for published in tracks.values where published.sid == track {
            published.isMuted = isMuted
            for downlink in published.downlinks { downlink.forwarder.mute(isMuted) }
            refresh(published, at: SystemClock.now)
        }
    }
}
