internal import LiveKitProtocol

/// A track of ours in the room, and the way to switch it off and on.
public struct LocalTrackPublication: TrackPublication {
    public let sid: TrackSid
    public let name: String
    public let kind: TrackKind
    public let source: TrackSource
    public let isMuted: Bool
    public let mimeType: String
    public let dimensions: Dimensions?
    private let handle: RoomHandle

    init(_ info: Livekit_TrackInfo, isMuted: Bool, handle: RoomHandle) {
        sid = TrackSid(info.sid)
        name = info.name
        kind = TrackKind(info.type)
        source = TrackSource(info.source)
        self.isMuted = isMuted
        mimeType = info.effectiveMimeType
        dimensions = info.publishedDimensions
        self.handle = handle
    }

    /// Stops sending; the others see it as muted.
    public func mute() async throws(RoomError) {
        try await handle.required().setMuted(true, sid)
    }

    /// Sends again.
    public func unmute() async throws(RoomError) {
        try await handle.required().setMuted(false, sid)
    }
}
