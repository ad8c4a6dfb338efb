/// What a token allows in a room: the `video` claim.
///
/// An optional that is `nil` is left out of the token, and the server's default holds; `false`
/// takes the right away.
public struct VideoGrants: Hashable, Sendable {
    /// The room these rights are about.
    public var room: String?
    /// May connect to `room`.
    public var roomJoin: Bool
    /// May create and delete rooms through the server's API.
    public var roomCreate: Bool
    /// May list rooms.
    public var roomList: Bool
    /// May administer `room`: mute, remove, send data.
    public var roomAdmin: Bool
    /// May record rooms.
    public var roomRecord: Bool
    /// May manage ingress.
    public var ingressAdmin: Bool
    /// May publish tracks; `nil` = yes.
    public var canPublish: Bool?
    /// May subscribe to tracks; `nil` = yes.
    public var canSubscribe: Bool?
    /// May publish data; `nil` = as `canPublish`.
    public var canPublishData: Bool?
    /// What may be published: `camera`, `microphone`, `screen_share`, `screen_share_audio`; `nil` =
    /// everything.
    public var canPublishSources: [String]?
    /// May change its own name, metadata and attributes; `nil` = no.
    public var canUpdateOwnMetadata: Bool?
    /// May receive metrics; `nil` = no.
    public var canSubscribeMetrics: Bool?
    /// May manage agent sessions; `nil` = no.
    public var canManageAgentSession: Bool?
    /// Is not announced to the others.
    public var hidden: Bool
    /// Is a recorder.
    public var recorder: Bool
    /// Is an agent.
    public var agent: Bool
    /// Where participants of `room` may be moved to, with `roomAdmin`.
    public var destinationRoom: String?

    /// Makes the rights of a plain participant of `room`, or no rights at all.
    public init(room: String? = nil, roomJoin: Bool = false) {
        self.room = room
        self.roomJoin = roomJoin
        (roomCreate, roomList, roomAdmin, roomRecord, ingressAdmin) = (false, false, false, false, false)
        (hidden, recorder, agent) = (false, false, false)
    }

    /// Whether publishing tracks is allowed, defaults applied.
    public var mayPublish: Bool { canPublish ?? true }

    /// Whether subscribing is allowed, defaults applied.
    public var maySubscribe: Bool { canSubscribe ?? true }

    /// Whether publishing data is allowed, defaults applied.
    public var mayPublishData: Bool { canPublishData ?? mayPublish }

    /// Whether changing the own name, metadata and attributes is allowed, defaults applied.
    public var mayUpdateOwnMetadata: Bool { canUpdateOwnMetadata ?? false }

    /// Whether a source may be published, by its name in tokens, for example `camera`.
    public func mayPublish(source: String) -> Bool {
        mayPublish && (canPublishSources.map { $0.isEmpty || $0.contains(source) } ?? true)
    }
}

extension VideoGrants: Codable {
    private enum CodingKeys: String, CodingKey {
        case room, roomJoin, roomCreate, roomList, roomAdmin, roomRecord, ingressAdmin
        case canPublish, canSubscribe, canPublishData, canPublishSources
        case canUpdateOwnMetadata, canSubscribeMetrics, canManageAgentSession
        case hidden, recorder, agent, destinationRoom
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        room = try values.decodeIfPresent(String.self, forKey: .room)
        roomJoin = try values.isTrue(.roomJoin)
        roomCreate = try values.isTrue(.roomCreate)
        roomList = try values.isTrue(.roomList)
        roomAdmin = try values.isTrue(.roomAdmin)
        roomRecord = try values.isTrue(.roomRecord)
        ingressAdmin = try values.isTrue(.ingressAdmin)
        canPublish = try values.decodeIfPresent(Bool.self, forKey: .canPublish)
        canSubscribe = try values.decodeIfPresent(Bool.self, forKey: .canSubscribe)
        canPublishData = try values.decodeIfPresent(Bool.self, forKey: .canPublishData)
        canPublishSources = try values.decodeIfPresent([String].self, forKey: .canPublishSources)
        canUpdateOwnMetadata = try values.decodeIfPresent(Bool.self, forKey: .canUpdateOwnMetadata)
        canSubscribeMetrics = try values.decodeIfPresent(Bool.self, forKey: .canSubscribeMetrics)
        canManageAgentSession = try values.decodeIfPresent(Bool.self, forKey: .canManageAgentSession)
        hidden = try values.isTrue(.hidden)
        recorder = try values.isTrue(.recorder)
        agent = try values.isTrue(.agent)
        destinationRoom = try values.decodeIfPresent(String.self, forKey: .destinationRoom)
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(room, forKey: .room)
        try values.encodeIfTrue(roomJoin, .roomJoin)
        try values.encodeIfTrue(roomCreate, .roomCreate)
        try values.encodeIfTrue(roomList, .roomList)
        try values.encodeIfTrue(roomAdmin, .roomAdmin)
        try values.encodeIfTrue(roomRecord, .roomRecord)
        try values.encodeIfTrue(ingressAdmin, .ingressAdmin)
        try values.encodeIfPresent(canPublish, forKey: .canPublish)
        try values.encodeIfPresent(canSubscribe, forKey: .canSubscribe)
        try values.encodeIfPresent(canPublishData, forKey: .canPublishData)
        try values.encodeIfPresent(canPublishSources, forKey: .canPublishSources)
        try values.encodeIfPresent(canUpdateOwnMetadata, forKey: .canUpdateOwnMetadata)
        try values.encodeIfPresent(canSubscribeMetrics, forKey: .canSubscribeMetrics)
        try values.encodeIfPresent(canManageAgentSession, forKey: .canManageAgentSession)
        try values.encodeIfTrue(hidden, .hidden)
        try values.encodeIfTrue(recorder, .recorder)
        try values.encodeIfTrue(agent, .agent)
        try values.encodeIfPresent(destinationRoom, forKey: .destinationRoom)
    }
}

extension KeyedDecodingContainer {
    /// A flag whose absence means false.
    func isTrue(_ key: Key) throws -> Bool {
        try decodeIfPresent(Bool.self, forKey: key) ?? false
    }
}

extension KeyedEncodingContainer {
    /// A flag whose absence means false.
    mutating func encodeIfTrue(_ value: Bool, _ key: Key) throws {
        if value { try encode(true, forKey: key) }
    }
}
