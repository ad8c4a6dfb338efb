public import Foundation

extension AccessToken {
    /// The token as text, signed with the secret of `apiKey`.
    public func signed(with secret: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings, whole numbers and flags always have a JSON form.
        let claims = (try? encoder.encode(AccessTokenClaims(self))) ?? Data("{}".utf8)
        return JSONWebToken(payload: Array(claims), secret: secret).text
    }

    /// Reads a token and checks its signature and its times.
    ///
    /// `secret` answers with the secret of an API key; `nil` = no such key.
    public init(
        verifying text: String, at now: Date = Date(), secret: (_ apiKey: String) -> String?
    ) throws(AccessTokenError) {
        let webToken = try JSONWebToken(text)
        let token = try AccessToken(webToken)
        guard let secret = secret(token.apiKey) else { throw .unknownKey(token.apiKey) }
        guard webToken.isSigned(with: secret) else { throw .wrongSignature }
        try token.check(at: now)
        self = token
    }

    /// Reads a token without checking anything but its form.
    public init(inspecting text: String) throws(AccessTokenError) {
        self = try AccessToken(JSONWebToken(text))
    }

    /// All claims of a token as they stand there, unchecked.
    public static func claims(of text: String) throws(AccessTokenError) -> JSONValue {
        let webToken = try JSONWebToken(text)
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Data(webToken.payload))
        } catch {
            throw .malformed("its claims are not JSON")
        }
    }

    private init(_ webToken: JSONWebToken) throws(AccessTokenError) {
        do {
            self.init(try JSONDecoder().decode(AccessTokenClaims.self, from: Data(webToken.payload)))
        } catch {
            throw .malformed("its claims are not those of an access token")
        }
    }
}
