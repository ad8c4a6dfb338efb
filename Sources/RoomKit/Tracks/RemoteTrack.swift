/// Media of somebody else: sound or picture.
public enum RemoteTrack: Sendable {
    case audio(RemoteAudioTrack)
    case video(RemoteVideoTrack)

    /// Heard or seen.
    public var kind: TrackKind {
        switch self {
        case .audio: .audio
        case .video: .video
        }
    }
}
