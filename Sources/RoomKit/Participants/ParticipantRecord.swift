internal import LiveKitProtocol

/// What is known of a participant: the server's record and what arrives beside it.
struct ParticipantRecord: Sendable {
    /// The server's record, newest version.
    var info: Livekit_ParticipantInfo
    /// How loud, 0...1.
    var audioLevel: Float = 0
    /// Whether the server counts it among the speakers.
    var isSpeaking = false
    /// Connection quality as told by the server.
    var quality = ConnectionQuality.unknown
    /// What this client wants of each remote track.
    var subscriptions: [String: SubscriptionRecord] = [:]

    init(_ info: Livekit_ParticipantInfo) { self.info = info }

    var permissions: ParticipantPermissions { ParticipantPermissions(info.permission) }
}

/// What this client wants of one remote track, and what it has.
struct SubscriptionRecord: Sendable {
    /// Whether it is wanted.
    var isDesired: Bool
    /// The track, once media are negotiated.
    var track: RemoteTrack?
    /// Whether the publisher allows it.
    var isAllowed = true
    /// Whether the server sends it.
    var streamState = StreamState.active
    /// What the program asks for.
    var settings = TrackSettings()
    /// At what size it is drawn; `nil` = not known.
    var drawn: DrawnDemand?

    /// How the server is to send it.
    func message(sid: String) -> Livekit_UpdateTrackSettings { settings.message(sid: sid, drawn: drawn) }
}

/// How a remote track is wanted (`UpdateTrackSettings`).
struct TrackSettings: Sendable, Equatable {
    var isEnabled = true
    var quality: VideoQuality?
    var dimensions: Dimensions?
    var framesPerSecond: Int?
}
