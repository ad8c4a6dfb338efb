internal import LiveKitProtocol

/// A track somebody else publishes, and the way to say how we want it.
public struct RemoteTrackPublication: TrackPublication {
    public let sid: TrackSid
    public let name: String
    public let kind: TrackKind
    public let source: TrackSource
    public let isMuted: Bool
    public let mimeType: String
    public let dimensions: Dimensions?
    /// Who publishes it.
    public let participantIdentity: ParticipantIdentity
    /// Whether this client wants it.
    public let isDesired: Bool
    /// Whether the publisher lets us have it.
    public let isSubscriptionAllowed: Bool
    /// Whether the server sends it at the moment.
    public let streamState: StreamState
    /// The media, once they are negotiated.
    public let track: RemoteTrack?
    private let handle: RoomHandle

    init(
        _ info: Livekit_TrackInfo, subscription: SubscriptionRecord?, participant: Livekit_ParticipantInfo,
        handle: RoomHandle
    ) {
        sid = TrackSid(info.sid)
        name = info.name
        kind = TrackKind(info.type)
        source = TrackSource(info.source)
        isMuted = info.muted
        mimeType = info.effectiveMimeType
        dimensions = info.publishedDimensions
        participantIdentity = ParticipantIdentity(participant.identity)
        isDesired = subscription?.isDesired ?? false
        isSubscriptionAllowed = subscription?.isAllowed ?? true
        streamState = subscription?.streamState ?? .active
        track = subscription?.track
        self.handle = handle
    }

    /// Whether media arrive or will.
    public var isSubscribed: Bool { track != nil }

    /// Subscribes, or unsubscribes.
    public func set(subscribed: Bool) async throws(RoomError) {
        try await handle.required().setSubscribed(subscribed, sid)
    }

    /// Lets the server send, or pauses it without giving the subscription up.
    public func set(enabled: Bool) async throws(RoomError) {
        try await handle.required().updateSettings(of: sid) { $0.isEnabled = enabled }
    }

    /// Asks for one of the published sizes, however large it is drawn; of no effect while `set(preferredDimensions:)` is in force.
    public func set(videoQuality: VideoQuality) async throws(RoomError) {
        try await handle.required().updateSettings(of: sid) { $0.quality = videoQuality }
    }

    /// Asks for the published size nearest to this one, however large it is drawn.
    public func set(preferredDimensions: Dimensions) async throws(RoomError) {
        try await handle.required().updateSettings(of: sid) { $0.dimensions = preferredDimensions }
    }

    /// Asks for at most so many pictures per second.
    public func set(preferredFPS: Int) async throws(RoomError) {
        try await handle.required().updateSettings(of: sid) { $0.framesPerSecond = preferredFPS }
    }
}
