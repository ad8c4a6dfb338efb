import LiveKitProtocol
import MediaCore

/// The rules of one room: who is in it, what they publish and who gets which track.
///
/// A value without clock, socket or thread. Its owner feeds it decoded signal messages and what the connections
/// report, drains `nextOutput()` after every call, and calls `advance(to:)` when `nextDeadline` has come. Session
/// descriptions never enter it: negotiation tells it only which track a section carries.
///
/// A participant is *joined* from `join` on and *active* once its primary connection is established; subscriptions
/// begin at once, so that the first negotiation already carries media.
struct ServerRoomState: Sendable {
    /// The public record of the room.
    var room = Livekit_Room()
    /// Everybody in the room, in the order they joined.
    var members: [RoomMember] = []
    /// What has to be done.
    var outputs: [RoomOutput] = []
    /// Where identifiers come from.
    var identifiers: IdentifierSource
    /// Who is speaking.
    var speakers = SpeakerObserver()
    /// What newcomers are told about this server.
    let greeting: Greeting
    /// Unix time in milliseconds at `MonotonicTime.zero`, to stamp records.
    let unixEpoch: Int64
    /// When everybody is next told about the quality of connections and the size of the room.
    var nextRound: MonotonicTime?
    /// Whether the counts of the room changed since they were last sent.
    var areCountsStale = false
    /// Whether who watches what changed since publishers were last thought of.
    var areQualitiesStale = false

    /// What is the same in every join message of a server.
    struct Greeting: Sendable {
        /// Name and version of the server.
        var serverInfo: Livekit_ServerInfo
        /// STUN and TURN servers for the clients.
        var iceServers: [Livekit_ICEServer] = []
        /// What may be published.
        var codecs: [Livekit_Codec] = []
    }

    /// How long a participant may take to become active.
    static let joinLimit = Duration.seconds(60)
    /// How long a participant may stay without a media connection.
    static let lossLimit = Duration.seconds(2)
    /// How often quality and counts are looked at.
    static let roundInterval = Duration.seconds(5)
    /// How often a token is renewed.
    static let tokenInterval = Duration.seconds(300)

    /// Makes an empty room; `unixMilliseconds` is the time of day at `now`.
    init(
        name: String, greeting: Greeting, identifiers: IdentifierSource, unixMilliseconds: Int64,
        at now: MonotonicTime
    ) {
        self.greeting = greeting
        self.identifiers = identifiers
        unixEpoch = unixMilliseconds - now.milliseconds
        room.sid = self.identifiers.next("RM_")
        room.name = name
        room.emptyTimeout = 300
        room.departureTimeout = 20
        room.creationTimeMs = unixMilliseconds
        room.creationTime = unixMilliseconds / 1_000
        room.enabledCodecs = greeting.codecs
    }

    /// The next thing to do, or `nil` when all is done.
    mutating func nextOutput() -> RoomOutput? {
        outputs.isEmpty ? nil : outputs.removeFirst()
    }

    /// Whether nobody is left.
    var isEmpty: Bool { members.isEmpty }

    /// The participant of that session.
    func member(_ sid: ParticipantSID) -> RoomMember? {
        members.first { $0.sid == sid }
    }

    /// The place of that session in `members`.
    func index(of sid: ParticipantSID) -> Int? {
        members.firstIndex { $0.sid == sid }
    }

    /// Who publishes the track, and the track.
    func owner(of track: TrackSID) -> (member: RoomMember, track: TrackRecord)? {
        for member in members {
            if let record = member.tracks.first(where: { $0.sid == track }) { return (member, record) }
        }
        return nil
    }

    /// Unix time in milliseconds at `now`.
    func unixMilliseconds(at now: MonotonicTime) -> Int64 { unixEpoch + now.milliseconds }

    /// Sends a message to one participant.
    mutating func send(_ message: Livekit_SignalResponse.OneOf_Message, to sid: ParticipantSID) {
        outputs.append(.send(message, to: sid))
    }

    /// Sends the current record of a participant to everybody who may see it, with a new version.
    mutating func announce(_ index: Int) {
        members[index].info.version &+= 1
        let member = members[index]
        var update = Livekit_ParticipantUpdate()
        update.participants = [member.record]
        for other in members where !member.isHidden || other.sid == member.sid {
            send(.update(update), to: other.sid)
        }
    }
}
