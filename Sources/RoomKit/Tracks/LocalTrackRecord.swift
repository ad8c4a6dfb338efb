internal import LiveKitProtocol
internal import MediaCore
internal import PeerConnection

/// A track of ours: what was announced, and what makes its media.
struct LocalTrackRecord: Sendable {
    /// The server's record.
    var info: Livekit_TrackInfo
    /// What was asked of the server.
    let request: Livekit_AddTrackRequest
    let media: LocalMediaPublisher
    /// What the program published; published again in a new session.
    let origin: LocalTrackOrigin
    /// Names and sources on the wire.
    let sending: LocalMedia
    /// The sizes it is sent in, the lowest first; empty for sound.
    let layers: [VideoLayer]
    /// How it is encoded.
    let codec: MediaCodec
    /// The section it is sent on.
    var mid: MediaID
}

extension LocalTrackRecord {
    /// What the layers that somebody watches take at most, together.
    var wantedBitrate: Bitrate {
        guard case .video(let publisher) = media else { return .zero }
        if codec == .vp9, let whole = layers.last {
            return whole.maximum * publisher.watchedShare(of: whole.size)
        }
        let watched = layers.indices.filter(publisher.isWatched)
        return watched.reduce(.zero) { $0 + layers[$1].maximum }
    }
}

/// The media of a local track.
enum LocalMediaPublisher: Sendable {
    case audio(AudioPublisher)
    case video(VideoPublisher)

    var kind: MediaKind {
        switch self {
        case .audio: .audio
        case .video: .video
        }
    }

    var isMuted: AtomicFlag {
        switch self {
        case .audio(let publisher): publisher.isMuted
        case .video(let publisher): publisher.isMuted
        }
    }

    /// Ends capturing and sending.
    func stop() {
        switch self {
        case .audio(let publisher): publisher.stop.stop()
        case .video(let publisher): publisher.stop.stop()
        }
    }
}

/// What a program asked to publish.
enum LocalTrackOrigin: Sendable {
    case audio(LocalAudioTrack, AudioPublishOptions)
    case video(LocalVideoTrack, VideoPublishOptions)
}
