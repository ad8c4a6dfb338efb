import RoomKit

extension CallScene.Person {
    /// What counts of a participant for the view.
    init(_ participant: RemoteParticipant) {
        let tracks = participant.trackPublications
        let video =
            tracks.first { $0.source == .screenShareVideo } ?? tracks.first { $0.source == .camera }
            ?? tracks.first { $0.kind == .video }
        self.init(
            identity: participant.identity.stringValue, name: participant.displayName,
            video: video?.sid.stringValue, isVideoMuted: video?.isMuted ?? false,
            isSpeaking: participant.isSpeaking)
    }
}
