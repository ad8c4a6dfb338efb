import LiveKitProtocol
import MediaCore

/// Everything the room knows about one participant.
struct RoomMember: Sendable {
    /// The public record, complete except for `tracks` and `version`.
    var info: Livekit_ParticipantInfo
    /// Whether it wants every track without asking.
    var isAutoSubscribing: Bool
    /// Whether it will say in which size it shows pictures.
    var isAdaptiveStreaming = false
    /// When it joined; it has a limited time to become active.
    var joined: MonotonicTime
    /// When it last got a fresh token.
    var tokenSent: MonotonicTime
    /// When a media connection of it broke; `nil` = all is well.
    var connectionLost: MonotonicTime?
    /// Tracks it has announced and not negotiated yet, oldest first.
    var pending: [Livekit_TrackInfo] = []
    /// Tracks others can see, in the order they were published.
    var tracks: [TrackRecord] = []
    /// What it asked for itself, track by track; wins over auto-subscription.
    var wishes: [TrackSID: Bool] = [:]
    /// Tracks that are being brought to it.
    var subscriptions: Set<TrackSID> = []
    /// How it wants its video tracks.
    var preferences: [TrackSID: Livekit_UpdateTrackSettings] = [:]
    /// Which codec of a track it gets, by its place in the record of the track; the first where nothing is said.
    var codecs: [TrackSID: Int] = [:]
    /// Tracks of which it decodes no codec.
    var undecodable: Set<TrackSID> = []
    /// Who may subscribe to its tracks; `nil` = everybody.
    var audience: Livekit_SubscriptionPermission?
    /// The share of its packets that is lost, 0 to 1.
    var lostShare = 0.0
    /// The last quality it was told about itself and others.
    var toldQuality: [ParticipantSID: Livekit_ConnectionQuality] = [:]

    /// The session this is.
    var sid: ParticipantSID { ParticipantSID(text: info.sid) }

    /// Whether others are told about it.
    var isHidden: Bool { info.permission.hidden }

    /// The record others see.
    var record: Livekit_ParticipantInfo {
        var record = info
        record.tracks = tracks.map(\.info)
        return record
    }
}

/// One published track.
struct TrackRecord: Sendable {
    /// The public record.
    var info: Livekit_TrackInfo
    /// Whether its publisher was told that somebody watches or listens.
    var hadSubscriber = false
    /// Which qualities of each of its codecs are watched, by the place of the codec in the record.
    var demands: [Int: QualityDemand] = [:]

    /// Which track this is.
    var sid: TrackSID { TrackSID(text: info.sid) }

    /// Whether one of its codecs goes by this client-side id.
    func isKnown(as cid: String) -> Bool {
        !cid.isEmpty && info.codecs.contains { $0.cid == cid || $0.sdpCid == cid }
    }
}
