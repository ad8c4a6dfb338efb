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
    /// The section it is sent on, in its first codec.
    let mid: MediaID
    /// The codecs in which pictures are sent, that of the options first; empty for sound.
    var encodings: [LocalEncoding]
}

extension LocalTrackRecord {
    /// All sections it is sent on.
    var sections: [MediaID] { encodings.isEmpty ? [mid] : encodings.map(\.mid) }

    /// The codec that the server may ask for besides the first one, as it was announced.
    var backupCodec: MediaCodec? {
        request.simulcastCodecs.dropFirst().first.flatMap { MediaCodec(rawValue: $0.codec) }
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

    /// Whether sharpness counts more than the rate of pictures.
    var isScreen: Bool {
        if case .video(_, let options) = self { options.source == .screenShareVideo } else { false }
    }
}
