/// The stable name of a participant, chosen by the application and written in the token.
public struct ParticipantIdentity: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name itself.
    public let stringValue: String

    /// Wraps a name.
    public init(_ stringValue: String) { self.stringValue = stringValue }
    public init(stringLiteral value: String) { stringValue = value }
    public var description: String { stringValue }
}

/// One session of a participant (`PA_…`); changes with every join.
public struct ParticipantSid: Hashable, Sendable, CustomStringConvertible {
    /// The id as the server wrote it.
    public let stringValue: String

    /// Wraps an id.
    public init(_ stringValue: String) { self.stringValue = stringValue }
    public var description: String { stringValue }
}
