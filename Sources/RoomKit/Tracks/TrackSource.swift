internal import LiveKitProtocol

/// Whether a track is heard or seen.
public enum TrackKind: String, Sendable, Hashable {
    case audio, video
}

/// What a track shows or plays.
public enum TrackSource: String, Sendable, Hashable {
    case unknown, camera, microphone
    case screenShareVideo = "screen_share"
    case screenShareAudio = "screen_share_audio"
}

extension TrackSource {
    init(_ source: Livekit_TrackSource) {
        self =
            switch source {
            case .camera: .camera
            case .microphone: .microphone
            case .screenShare: .screenShareVideo
            case .screenShareAudio: .screenShareAudio
            default: .unknown
            }
    }

    var proto: Livekit_TrackSource {
        switch self {
        case .unknown: .unknown
        case .camera: .camera
        case .microphone: .microphone
        case .screenShareVideo: .screenShare
        case .screenShareAudio: .screenShareAudio
        }
    }
}

/// Which of the sizes of a video track is wanted.
public enum VideoQuality: String, Sendable, Hashable {
    case low, medium, high
}

extension VideoQuality {
    var proto: Livekit_VideoQuality {
        switch self {
        case .low: .low
        case .medium: .medium
        case .high: .high
        }
    }
}

/// A size in pixels.
public struct Dimensions: Hashable, Sendable {
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int

    /// Makes a size.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}
