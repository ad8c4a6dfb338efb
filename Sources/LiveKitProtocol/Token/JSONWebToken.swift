import COpenSSL
import Foundation

/// The three parts of a signed JSON Web Token (RFC 7515 §3.1); HMAC-SHA-256 only.
struct JSONWebToken {
    /// The decoded payload.
    let payload: [UInt8]
    private let signature: [UInt8]
    /// Header and payload as they were signed.
    private let signed: String

    /// A server takes metadata of 512 KiB at most, so nothing sensible is longer.
    private static let lengthLimit = 1 << 20

    private struct Header: Codable {
        var alg: String
        var typ: String?
    }

    /// Signs a payload.
    init(payload: [UInt8], secret: String) {
        self.payload = payload
        signed =
            Base64URL.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8)) + "." + Base64URL.encode(payload)
        signature = JSONWebToken.authenticate(signed, secret: secret)
    }

    /// Takes a token apart; says nothing yet about its signature.
    init(_ text: String) throws(AccessTokenError) {
        guard text.utf8.count <= JSONWebToken.lengthLimit else { throw .malformed("it is too long") }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformed("it does not have three parts") }
        guard let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw .malformed("it is not base64url") }
        guard let fields = try? JSONDecoder().decode(Header.self, from: Data(header)) else {
            throw .malformed("its header is not JSON")
        }
        // RFC 8725 §3.1: the algorithm is ours to choose, not the token's.
        guard fields.alg == "HS256" else { throw .unsupportedAlgorithm(fields.alg) }
        self.payload = payload
        self.signature = signature
        signed = parts[0] + "." + parts[1]
    }

    /// The token as it is sent.
    var text: String { signed + "." + Base64URL.encode(signature) }

    /// Whether the signature was made with a secret; takes the same time for every wrong one.
    func isSigned(with secret: String) -> Bool {
        let expected = JSONWebToken.authenticate(signed, secret: secret)
        return expected.count == signature.count && CRYPTO_memcmp(expected, signature, expected.count) == 0
    }

    private static func authenticate(_ text: String, secret: String) -> [UInt8] {
        let key = Array(secret.utf8)
        let bytes = Array(text.utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        HMAC(EVP_sha256(), key, Int32(truncatingIfNeeded: key.count), bytes, bytes.count, &digest, nil)
        return digest
    }
}
