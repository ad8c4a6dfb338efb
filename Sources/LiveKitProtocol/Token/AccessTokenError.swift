public import Foundation

/// Why a token is not accepted, with one sentence for people.
public enum AccessTokenError: Error, Hashable, Sendable {
    /// It cannot be read; with the reason.
    case malformed(String)
    /// It is signed in a way that is not accepted here.
    case unsupportedAlgorithm(String)
    /// Nobody here has the secret of its API key.
    case unknownKey(String)
    /// It was signed with another secret, or changed afterwards.
    case wrongSignature
    /// Its time is over.
    case expired(Date)
    /// Its time has not come.
    case notYetValid(Date)
    /// It says nothing about when it ends.
    case withoutExpiry
}

extension AccessTokenError: CustomStringConvertible, LocalizedError {
    public var description: String {
        switch self {
        case .malformed(let reason): "The access token cannot be read: \(reason)."
        case .unsupportedAlgorithm(let name):
            "The access token is signed with \(name); only HS256 is accepted."
        case .unknownKey(let key): "The API key \(key) of the access token is unknown."
        case .wrongSignature: "The signature of the access token does not match the API secret."
        case .expired(let date):
            "The access token has expired at \(date.formatted(.iso8601)); make a new one."
        case .notYetValid(let date):
            "The access token is not valid before \(date.formatted(.iso8601)); check the clock here."
        case .withoutExpiry: "The access token does not say when it expires."
        }
    }

    public var errorDescription: String? { description }
}
