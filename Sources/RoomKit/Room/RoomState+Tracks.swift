internal import LiveKitProtocol

/// Media of remote tracks: bound when negotiated, let go when gone.
extension RoomState {
    /// A remote track has media now. `nil` while its publication is not known yet: media may come first.
    mutating func attach(_ track: RemoteTrack, sid: String) -> [RoomEvent]? {
        guard let identity = publisher(ofTrack: sid) else { return nil }
        if remotes[identity]?.subscriptions[sid]?.track != nil { return [] }
        remotes[identity]?.subscriptions[sid, default: SubscriptionRecord(isDesired: true)].track = track
        return publication(sid, of: identity).map { [.trackSubscribed(track, $0, $1)] } ?? []
    }

    /// A remote track has no media any more.
    mutating func detach(sid: String) -> [RoomEvent] {
        guard let identity = publisher(ofTrack: sid),
            let (publication, participant) = publication(sid, of: identity), let track = publication.track
        else { return [] }
        remotes[identity]?.subscriptions[sid]?.track = nil
        return [.trackUnsubscribed(track, publication, participant)]
    }

    /// Notes whether a track is wanted; false when nobody publishes it.
    mutating func setDesired(_ isDesired: Bool, sid: String) -> Bool {
        guard let identity = publisher(ofTrack: sid) else { return false }
        remotes[identity]?.subscriptions[sid, default: SubscriptionRecord(isDesired: isDesired)].isDesired =
            isDesired
        return true
    }

    /// What the program wants of remote tracks other than by default, by sid.
    var wishes: [String: SubscriptionRecord] {
        var result: [String: SubscriptionRecord] = [:]
        for record in remotes.values {
            for (sid, wish) in record.subscriptions
            where wish.isDesired != autoSubscribe || wish.settings != TrackSettings() {
                result[sid] = wish
            }
        }
        return result
    }

    /// How the server was told to send tracks, where it is not as it begins, to be told again.
    var trackSettings: [Livekit_UpdateTrackSettings] {
        remotes.values.flatMap { record in
            record.subscriptions.filter { $0.value.drawn != nil || $0.value.settings != TrackSettings() }
                .map { $0.value.message(sid: $0.key) }
        }
    }

    /// Changes how a track is wanted; the message that says so, or `nil` when nobody publishes it.
    mutating func changeSettings(
        of sid: String, _ change: (inout TrackSettings) -> Void
    ) -> Livekit_UpdateTrackSettings? {
        guard let identity = publisher(ofTrack: sid) else { return nil }
        var record = remotes[identity]?.subscriptions[sid] ?? SubscriptionRecord(isDesired: autoSubscribe)
        change(&record.settings)
        remotes[identity]?.subscriptions[sid] = record
        return record.message(sid: sid)
    }

    /// Notes at what size a track is drawn; the message that says so, or `nil` when nobody publishes it.
    mutating func setDrawn(_ demand: DrawnDemand, sid: String) -> Livekit_UpdateTrackSettings? {
        guard let identity = publisher(ofTrack: sid) else { return nil }
        var record = remotes[identity]?.subscriptions[sid] ?? SubscriptionRecord(isDesired: autoSubscribe)
        record.drawn = demand
        remotes[identity]?.subscriptions[sid] = record
        return record.message(sid: sid)
    }
}

extension TrackSettings {
    /// What the program asks for takes the place of the size at which it is drawn; what cannot be seen is not sent.
    func message(sid: String, drawn: DrawnDemand?) -> Livekit_UpdateTrackSettings {
        var message = Livekit_UpdateTrackSettings()
        message.trackSids = [sid]
        message.disabled = !isEnabled || drawn == .hidden
        message.quality = (quality ?? .high).proto
        var dimensions = dimensions
        if case .size(let size)? = drawn, dimensions == nil, quality == nil { dimensions = size }
        if let dimensions {
            message.width = UInt32(clamping: dimensions.width)
            message.height = UInt32(clamping: dimensions.height)
        }
        if let framesPerSecond { message.fps = UInt32(clamping: framesPerSecond) }
        return message
    }
}
