internal import LiveKitProtocol
internal import MediaCore
internal import PeerConnection
internal import RTP

/// A codec in which a track of ours is sent, as it was negotiated, and who encodes.
struct LocalEncoding: Sendable {
    let codec: MediaCodec
    /// Names and sources on the wire.
    let sending: LocalMedia
    /// The sizes it is sent in, the lowest first.
    let layers: [VideoLayer]
    /// The section it is sent on.
    let mid: MediaID
    let sender: VideoSender
    /// Since when it is sent.
    var began = SystemClock.now

    /// What the layers that somebody watches take at most, together.
    var wantedBitrate: Bitrate {
        if codec == .vp9, let whole = layers.last {
            return whole.maximum * sender.watchedShare(of: whole.size)
        }
        let watched = layers.indices.filter(sender.isWatched)
        return watched.reduce(.zero) { $0 + layers[$1].maximum }
    }

    /// Encodes what somebody watches of these qualities, and nothing else.
    func watch(_ qualities: [Livekit_SubscribedQuality]) {
        sender.watch(
            codec == .vp9 ? qualities.watchedSizes : layers.map { $0.isWatched(qualities) })
    }

    /// The layer that is sent from this source; `nil` = it has no name.
    func layer(of source: SSRC) -> Int? {
        let rid = sending.layers.first { $0.ssrc == source }?.rid
        return rid.flatMap { rid in layers.firstIndex { $0.rid == rid } }
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
