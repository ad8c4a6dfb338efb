internal import LiveKitProtocol

/// Anybody in the room, as known at one moment: a value that does not change.
public protocol Participant: Sendable {
    /// Session id.
    var sid: ParticipantSid { get }
    /// Stable name.
    var identity: ParticipantIdentity { get }
    /// Name for people; may be empty.
    var name: String { get }
    /// Free text of the application.
    var metadata: String { get }
    /// Key-value pairs of the application.
    var attributes: [String: String] { get }
    /// Whether it is a person, an agent, a telephone, ...
    var kind: ParticipantKind { get }
    /// What it may do.
    var permissions: ParticipantPermissions { get }
    /// Whether the server counts it among the speakers.
    var isSpeaking: Bool { get }
    /// How loud it is, 0...1.
    var audioLevel: Float { get }
    /// How good its connection is.
    var connectionQuality: ConnectionQuality { get }
}

extension Participant {
    /// The name for people, or the identity if there is none.
    public var displayName: String { name.isEmpty ? identity.stringValue : name }
}

/// What kind of participant it is.
public enum ParticipantKind: String, Sendable, Hashable {
    case standard, ingress, egress, sip, agent, connector, bridge
}

extension ParticipantKind {
    init(_ kind: Livekit_ParticipantInfo.Kind) {
        self =
            switch kind {
            case .ingress: .ingress
            case .egress: .egress
            case .sip: .sip
            case .agent: .agent
            case .connector: .connector
            case .bridge: .bridge
            default: .standard
            }
    }
}

/// What a participant may do.
public struct ParticipantPermissions: Sendable, Hashable {
    /// May receive tracks.
    public var canSubscribe: Bool
    /// May publish tracks.
    public var canPublish: Bool
    /// May send data.
    public var canPublishData: Bool
    /// If not empty, only these may be published.
    public var canPublishSources: Set<TrackSource>
    /// May change its own name, metadata and attributes.
    public var canUpdateMetadata: Bool
    /// Is not shown to others.
    public var hidden: Bool
}

extension ParticipantPermissions {
    init(_ permission: Livekit_ParticipantPermission) {
        canSubscribe = permission.canSubscribe
        canPublish = permission.canPublish
        canPublishData = permission.canPublishData
        canPublishSources = Set(permission.canPublishSources.map { TrackSource($0) })
        canUpdateMetadata = permission.canUpdateMetadata
        hidden = permission.hidden
    }

    func allowsPublishing(_ source: TrackSource) -> Bool {
        canPublish && (canPublishSources.isEmpty || canPublishSources.contains(source))
    }
}
