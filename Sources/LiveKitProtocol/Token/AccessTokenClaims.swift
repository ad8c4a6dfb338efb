import Foundation

/// The JSON of an access token: names and types as they stand in it, absent where `nil`.
struct AccessTokenClaims: Codable {
    var iss: String?
    var sub: String?
    /// Older tokens have the identity here.
    var jti: String?
    var nbf: NumericDate?
    var exp: NumericDate?
    var iat: NumericDate?
    var name: String?
    var kind: String?
    var kindDetails: [String]?
    var metadata: String?
    var attributes: [String: String]?
    var video: VideoGrants?
    var sip: SIPGrants?
    var agent: AgentGrants?
    var inference: InferenceGrants?
    var observability: ObservabilityGrants?
    var sha256: String?
    var roomConfig: JSONValue?
    var roomPreset: String?

    init(_ token: AccessToken) {
        iss = token.apiKey
        sub = token.identity.isEmpty ? nil : token.identity
        nbf = token.notBefore.map(NumericDate.init)
        exp = token.expires.map(NumericDate.init)
        iat = token.issued.map(NumericDate.init)
        name = token.name
        kind = token.kind
        kindDetails = token.kindDetails
        metadata = token.metadata
        attributes = token.attributes
        video = token.video
        sip = token.sip
        agent = token.agent
        inference = token.inference
        observability = token.observability
        sha256 = token.sha256
        roomConfig = token.roomConfiguration
        roomPreset = token.roomPreset
    }
}

extension AccessToken {
    init(_ claims: AccessTokenClaims) {
        self.init(apiKey: claims.iss ?? "", identity: claims.sub ?? claims.jti ?? "", video: claims.video)
        notBefore = claims.nbf?.date
        expires = claims.exp?.date
        issued = claims.iat?.date
        name = claims.name
        kind = claims.kind
        kindDetails = claims.kindDetails
        metadata = claims.metadata
        attributes = claims.attributes
        sip = claims.sip
        agent = claims.agent
        inference = claims.inference
        observability = claims.observability
        sha256 = claims.sha256
        roomConfiguration = claims.roomConfig
        roomPreset = claims.roomPreset
    }
}

/// Seconds since 1970 (RFC 7519 §2): written whole, read with or without a fraction.
struct NumericDate: Codable {
    var date: Date

    init(_ date: Date) {
        self.date = date
    }

    init(from decoder: any Decoder) throws {
        date = Date(timeIntervalSince1970: try decoder.singleValueContainer().decode(Double.self))
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        // A date too far away for 64 bits is the last one there is.
        try value.encode(Int64(exactly: date.timeIntervalSince1970.rounded(.down)) ?? .max)
    }
}
