/// Everything that happens in a room, in order.
public enum RoomEvent: Sendable {
    // The connection
    case connected
    case disconnected(reason: DisconnectReason)
    case reconnecting(mode: ReconnectMode)
    case reconnected(mode: ReconnectMode)
    case connectionStateChanged(ConnectionState)
    case tokenRefreshed
    case moved(roomName: String)
    // Participants
    case participantConnected(RemoteParticipant)
    case participantActive(RemoteParticipant)
    case participantDisconnected(RemoteParticipant)
    case participantMetadataChanged(any Participant)
    case participantNameChanged(any Participant)
    case participantAttributesChanged(any Participant, changed: [String: String])
    case participantPermissionsChanged(any Participant)
    // Own tracks
    case localTrackPublished(LocalTrackPublication)
    case localTrackUnpublished(LocalTrackPublication)
    case localTrackSubscribed(LocalTrackPublication)
    // Tracks of others
    case trackPublished(RemoteTrackPublication, RemoteParticipant)
    case trackUnpublished(RemoteTrackPublication, RemoteParticipant)
    case trackSubscribed(RemoteTrack, RemoteTrackPublication, RemoteParticipant)
    case trackUnsubscribed(RemoteTrack, RemoteTrackPublication, RemoteParticipant)
    case trackSubscriptionFailed(TrackSid, reason: String)
    case trackSubscriptionPermissionChanged(RemoteTrackPublication, RemoteParticipant)
    case trackStreamStateChanged(RemoteTrackPublication, RemoteParticipant)
    case trackMuted(any TrackPublication, any Participant)
    case trackUnmuted(any TrackPublication, any Participant)
    // The room
    case roomMetadataChanged(String)
    case roomUpdated
    case recordingStatusChanged(isRecording: Bool)
    case activeSpeakersChanged([any Participant])
    case connectionQualityChanged(ConnectionQuality, any Participant)
    // Data
    case dataReceived(DataMessage)
    case sipDTMFReceived(SipDTMF)
    case transcriptionReceived([TranscriptionSegment], participant: ParticipantIdentity?)
    /// The reader was too slow, and so many events were lost to it.
    case lagged(count: Int)
}

extension RoomEvent {
    /// The name of the event as other LiveKit SDKs write it: `track_subscribed` for example.
    public var name: String {
        switch self {
        case .connected: "connected"
        case .disconnected: "disconnected"
        case .reconnecting: "reconnecting"
        case .reconnected: "reconnected"
        case .connectionStateChanged: "connection_state_changed"
        case .tokenRefreshed: "token_refreshed"
        case .moved: "moved"
        case .participantConnected: "participant_connected"
        case .participantActive: "participant_active"
        case .participantDisconnected: "participant_disconnected"
        case .participantMetadataChanged: "participant_metadata_changed"
        case .participantNameChanged: "participant_name_changed"
        case .participantAttributesChanged: "participant_attributes_changed"
        case .participantPermissionsChanged: "participant_permissions_changed"
        case .localTrackPublished: "local_track_published"
        case .localTrackUnpublished: "local_track_unpublished"
        case .localTrackSubscribed: "local_track_subscribed"
        case .trackPublished: "track_published"
        case .trackUnpublished: "track_unpublished"
        case .trackSubscribed: "track_subscribed"
        case .trackUnsubscribed: "track_unsubscribed"
        case .trackSubscriptionFailed: "track_subscription_failed"
        case .trackSubscriptionPermissionChanged: "track_subscription_permission_changed"
        case .trackStreamStateChanged: "track_stream_state_changed"
        case .trackMuted: "track_muted"
        case .trackUnmuted: "track_unmuted"
        case .roomMetadataChanged: "room_metadata_changed"
        case .roomUpdated: "room_updated"
        case .recordingStatusChanged: "recording_status_changed"
        case .activeSpeakersChanged: "active_speakers_changed"
        case .connectionQualityChanged: "connection_quality_changed"
        case .dataReceived: "data_received"
        case .sipDTMFReceived: "sip_dtmf_received"
        case .transcriptionReceived: "transcription_received"
        case .lagged: "lagged"
        }
    }
}
