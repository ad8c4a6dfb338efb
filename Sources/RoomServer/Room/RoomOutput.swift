import LiveKitProtocol

/// What the room wants done after an input; the owner performs it in order.
enum RoomOutput: Sendable {
    /// Send this message to that participant.
    case send(Livekit_SignalResponse.OneOf_Message, to: ParticipantSID)
    /// Give that participant a new token.
    case refreshToken(ParticipantSID)
    /// Bring that track to that participant.
    case subscribe(TrackSID, ParticipantSID)
    /// Stop bringing that track to that participant.
    case unsubscribe(TrackSID, ParticipantSID)
    /// That participant wants the track in this form.
    case prefer(TrackPreference, TrackSID, ParticipantSID)
    /// The publisher muted or unmuted its track.
    case mute(TrackSID, isMuted: Bool)
    /// The track is gone; every subscription of it was ended before.
    case unpublish(TrackSID, ParticipantSID)
    /// The session is over: close its connections after what was sent before.
    case close(ParticipantSID)
}

/// In which form a subscriber wants a video track.
struct TrackPreference: Hashable, Sendable {
    /// Whether anything is wanted at all.
    var isEnabled = true
    /// Which of the published sizes, smallest first; `nil` = the best there is.
    var layer: Int?
    /// How many pictures per second are enough; `nil` = all there are.
    var framesPerSecond: Double?
}
