import MediaCore
import PeerConnection

/// Which codec of a track each subscriber gets, where it is sent in several.
extension ServerRoom {
    /// Puts a track on the first codec that its subscriber decodes. The publisher learns of it if he does not send it yet.
    func chooseCodec(of downlink: Downlink) {
        let decodable = downlink.codecs.compactMap(\.codec).filter(\.isVideo)
        guard downlink.isBound, !decodable.isEmpty,
            let choice = state.chooseCodec(
                of: downlink.track, decoding: decodable, for: downlink.subscriber),
            choice != downlink.codec
        else { return }
        tracks[downlink.source]?.downlinks.removeAll { $0 === downlink }
        downlink.codec = choice
        if let track = tracks[downlink.source] { attach(downlink, to: track) }
    }

    /// Looks again at what the subscribers of a track decode: it is sent in another codec than it was announced in.
    func chooseCodecs(of track: TrackSID) {
        for downlink in clients.values.flatMap(\.downlinks) where downlink.track == track {
            chooseCodec(of: downlink)
        }
    }

    /// A codec has come that subscribers have waited for.
    func attachWaiting(to track: PublishedTrack) {
        for downlink in clients.values.flatMap(\.downlinks) where downlink.source == track.stream {
            attach(downlink, to: track)
        }
    }

    private func attach(_ downlink: Downlink, to track: PublishedTrack) {
        guard !track.downlinks.contains(where: { $0 === downlink }) else { return }
        downlink.forwarder.changeSource(isOneStream: track.isOneStream)
        downlink.forwarder.mute(track.isMuted)
        track.downlinks.append(downlink)
    }
}
