/// Bytes of the application that somebody sent.
public struct DataMessage: Sendable {
    /// Who sent it; `nil` = the server.
    public let participant: RemoteParticipant?
    /// The bytes.
    public let data: [UInt8]
    /// What it is about.
    public let topic: String?
    /// Whether it was sent reliably.
    public let isReliable: Bool
}

/// A telephone key somebody pressed.
public struct SipDTMF: Sendable {
    /// Who pressed it.
    public let participant: ParticipantIdentity
    /// Code of the key.
    public let code: Int
    /// The key as text.
    public let digit: String
}

/// A piece of recognised speech; a repeated id replaces the earlier text.
public struct TranscriptionSegment: Sendable, Hashable {
    /// Id of the piece.
    public let id: String
    /// What was said.
    public let text: String
    /// Language tag.
    public let language: String
    /// Whether it will not change any more.
    public let isFinal: Bool
}
