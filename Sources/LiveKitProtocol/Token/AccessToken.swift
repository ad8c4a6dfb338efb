public import Foundation

/// What a LiveKit access token says: who joins which room with which rights, and from when until when.
///
/// On the wire it is a JSON Web Token (RFC 7519) signed with HMAC-SHA-256 and the API secret. Make
/// one, then `signed(with:)`; read one with `init(verifying:secret:at:)`, or without a secret with
/// `init(inspecting:)`. Tokens for production come from a server of yours, so that the secret never
/// leaves it.
public struct AccessToken: Hashable, Sendable {
    /// The API key whose secret signs the token: `iss`.
    public var apiKey: String
    /// Who joins; unique within a room: `sub`.
    public var identity: String
    /// Not valid before: `nbf`.
    public var notBefore: Date?
    /// Not valid from then on: `exp`.
    public var expires: Date?
    /// When it was made: `iat`.
    public var issued: Date?
    /// Name for people.
    public var name: String?
    /// Kind of participant: `standard`, `ingress`, `egress`, `sip`, `agent`, `connector`, `bridge`.
    public var kind: String?
    /// Details of the kind.
    public var kindDetails: [String]?
    /// First metadata of the participant.
    public var metadata: String?
    /// First attributes of the participant.
    public var attributes: [String: String]?
    /// Rights in a room.
    public var video: VideoGrants?
    /// Rights about telephony.
    public var sip: SIPGrants?
    /// Rights about agents.
    public var agent: AgentGrants?
    /// Rights about inference.
    public var inference: InferenceGrants?
    /// Rights about observability.
    public var observability: ObservabilityGrants?
    /// Base64 of the SHA-256 of a request body; in webhooks.
    public var sha256: String?
    /// Configuration of the room, should this join create it, as protobuf JSON.
    public var roomConfiguration: JSONValue?
    /// Name of a configuration known to the server.
    public var roomPreset: String?

    /// Makes a token that is valid from now on; six hours is what servers' own libraries give.
    public init(
        apiKey: String, identity: String, video: VideoGrants? = nil, name: String? = nil,
        validFor: Duration = .seconds(6 * 3600), at now: Date = Date()
    ) {
        self.apiKey = apiKey
        self.identity = identity
        self.video = video
        self.name = name
        notBefore = now
        issued = now
        expires = now.addingTimeInterval(Double(validFor.components.seconds))
    }

    /// How far two clocks may be apart (RFC 7519 §4.1.4).
    public static let leeway: TimeInterval = 60

    /// Says whether the token is valid at a time, apart from its signature.
    public func check(at now: Date) throws(AccessTokenError) {
        guard let expires else { throw .withoutExpiry }
        guard now < expires.addingTimeInterval(AccessToken.leeway) else { throw .expired(expires) }
        if let notBefore, now < notBefore.addingTimeInterval(-AccessToken.leeway) {
            throw .notYetValid(notBefore)
        }
    }
}
