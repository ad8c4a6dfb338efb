import Foundation
import LiveKitProtocol

/// Decides who may connect: one set of checks for the WebSocket and for `/validate`, which explains them.
struct DoorKeeper: Sendable {
    /// API keys and their secrets.
    let keys: [String: String]
    /// Whether clients may use a single peer connection.
    var offersSinglePeerConnection = true

    /// Longest room name, identity and display name, in bytes.
    private static let nameLimit = 256

    /// Checks a request to connect; `path` is `/rtc` or `/rtc/v1`.
    func admit(
        path: String, query: [String: String], authorization: String?, at now: Date = Date()
    ) throws(Refusal) -> Admission {
        guard offersSinglePeerConnection || !path.hasSuffix("/v1") else { throw Refusal(404, "not found") }
        let token = try verify(query, authorization, at: now)
        guard let grants = token.video, grants.roomJoin else { throw Refusal(401, "permissions denied") }
        guard let parameters = JoinParameters(query: query, requiresJoinRequest: path.hasSuffix("/v1")) else {
            throw Refusal(400, "the join request cannot be understood")
        }
        guard !token.identity.isEmpty else { throw Refusal(400, "identity cannot be empty") }
        guard let room = grants.room, !room.isEmpty else { throw Refusal(400, "no room name") }
        let brings = !parameters.attributes.isEmpty || !parameters.metadata.isEmpty
        guard grants.mayUpdateOwnMetadata || !brings else {
            throw Refusal(401, "not allowed to bring metadata or attributes")
        }
        let entry = entry(token, grants, parameters)
        try checkLimits(room, entry)
        return Admission(room: room, entry: entry, parameters: parameters, token: token)
    }

    private func verify(
        _ query: [String: String], _ authorization: String?, at now: Date
    ) throws(Refusal) -> AccessToken {
        let scheme = "bearer "
        var text = query["access_token"] ?? ""
        if let authorization, authorization.lowercased().hasPrefix(scheme) {
            text = String(authorization.dropFirst(scheme.count))
        }
        guard !text.isEmpty else { throw Refusal(401, "no access token") }
        do {
            return try AccessToken(verifying: text, at: now) { keys[$0] }
        } catch {
            throw Refusal(401, "invalid access token: \(error)")
        }
    }

    private func checkLimits(_ room: String, _ entry: RoomEntry) throws(Refusal) {
        let attributes = entry.attributes.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        let names = [room, entry.identity, entry.name]
        guard names.allSatisfy({ $0.utf8.count <= Self.nameLimit }),
            entry.metadata.utf8.count <= ServerRoomState.metadataLimit,
            attributes <= ServerRoomState.attributesLimit
        else { throw Refusal(400, "a name, metadata or attributes are too long") }
    }

    private func entry(_ token: AccessToken, _ grants: VideoGrants, _ parameters: JoinParameters) -> RoomEntry
    {
        var permission = Livekit_ParticipantPermission()
        permission.canPublish = grants.mayPublish
        permission.canSubscribe = grants.maySubscribe
        permission.canPublishData = grants.mayPublishData
        permission.canPublishSources = (grants.canPublishSources ?? []).compactMap(Self.source)
        permission.canUpdateMetadata = grants.mayUpdateOwnMetadata
        permission.hidden = grants.hidden
        permission.recorder = grants.recorder
        permission.agent = grants.agent
        permission.canSubscribeMetrics = grants.canSubscribeMetrics ?? false
        return RoomEntry(
            identity: token.identity, name: token.name ?? "",
            metadata: parameters.metadata.isEmpty ? token.metadata ?? "" : parameters.metadata,
            attributes: (token.attributes ?? [:]).merging(parameters.attributes) { $1 },
            kind: Self.kind(token.kind), permission: permission,
            isAutoSubscribing: parameters.isAutoSubscribing,
            isAdaptiveStreaming: parameters.isAdaptiveStreaming,
            isSubscriberPrimary: parameters.shape == .dual && permission.canSubscribe,
            clientProtocol: parameters.client.clientProtocol, capabilities: parameters.client.capabilities)
    }

    private static func source(_ name: String) -> Livekit_TrackSource? {
        switch name.lowercased() {
        case "camera": .camera
        case "microphone": .microphone
        case "screen_share": .screenShare
        case "screen_share_audio": .screenShareAudio
        default: nil
        }
    }

    private static func kind(_ name: String?) -> Livekit_ParticipantInfo.Kind {
        switch name {
        case "ingress": .ingress
        case "egress": .egress
        case "sip": .sip
        case "agent": .agent
        case "connector": .connector
        case "bridge": .bridge
        default: .standard
        }
    }
}

/// A client that may come in.
struct Admission: Sendable {
    /// The room it wants.
    var room: String
    /// Who it is and what it may do.
    var entry: RoomEntry
    /// How it wants to be served.
    var parameters: JoinParameters
    /// What it showed; renewed ones are made from it.
    var token: AccessToken
}

/// Why a client may not come in: an HTTP status and a text for people.
struct Refusal: Error, Hashable, Sendable {
    /// The HTTP status.
    let status: Int
    /// The body of the response.
    let text: String

    /// Makes a refusal.
    init(_ status: Int, _ text: String) {
        self.status = status
        self.text = text
    }
}
