/// Ourselves, as known at one moment, and the way to publish.
public struct LocalParticipant: Participant {
    public let sid: ParticipantSid
    public let identity: ParticipantIdentity
    public let name: String
    public let metadata: String
    public let attributes: [String: String]
    public let kind: ParticipantKind
    public let permissions: ParticipantPermissions
    public let isSpeaking: Bool
    public let audioLevel: Float
    public let connectionQuality: ConnectionQuality
    private let handle: RoomHandle

    init(_ record: ParticipantRecord, handle: RoomHandle) {
        let info = record.info
        sid = ParticipantSid(info.sid)
        identity = ParticipantIdentity(info.identity)
        name = info.name
        metadata = info.metadata
        attributes = info.attributes
        kind = ParticipantKind(info.kind)
        permissions = record.permissions
        isSpeaking = record.isSpeaking
        audioLevel = record.audioLevel
        connectionQuality = record.quality
        self.handle = handle
    }

    /// Publishes pictures; returns when the server has accepted and negotiated the track.
    @discardableResult
    public func publish(
        videoTrack: LocalVideoTrack, options: VideoPublishOptions? = nil
    ) async throws(RoomError) -> LocalTrackPublication {
        try await handle.required().publish(videoTrack, options)
    }

    /// Publishes sound; returns when the server has accepted and negotiated the track.
    @discardableResult
    public func publish(
        audioTrack: LocalAudioTrack, options: AudioPublishOptions? = nil
    ) async throws(RoomError) -> LocalTrackPublication {
        try await handle.required().publish(audioTrack, options)
    }

    /// Takes a track of ours out of the room and releases its device.
    public func unpublish(publication: LocalTrackPublication) async throws(RoomError) {
        try await handle.required().unpublish(publication.sid)
    }

    /// Sends bytes to the others.
    public func publish(data: [UInt8], options: DataPublishOptions = DataPublishOptions())
        async throws(RoomError)
    {
        try await handle.required().send(data, options)
    }

    /// Publishes the default camera of the room's options, or mutes and unmutes it.
    @discardableResult
    public func setCamera(enabled: Bool) async throws(RoomError) -> LocalTrackPublication? {
        try await handle.required().setCamera(enabled: enabled)
    }

    /// Publishes the default microphone of the room's options, or mutes and unmutes it.
    @discardableResult
    public func setMicrophone(enabled: Bool) async throws(RoomError) -> LocalTrackPublication? {
        try await handle.required().setMicrophone(enabled: enabled)
    }

    /// Changes our name for people; the token must grant it.
    public func set(name: String) async throws(RoomError) {
        try await handle.required().updateMetadata { $0.name = name }
    }

    /// Changes our metadata; the token must grant it.
    public func set(metadata: String) async throws(RoomError) {
        try await handle.required().updateMetadata { $0.metadata = metadata }
    }

    /// Changes attributes, an empty value removes one; the token must grant it.
    public func set(attributes: [String: String]) async throws(RoomError) {
        try await handle.required().updateMetadata { $0.attributes = attributes }
    }
}
