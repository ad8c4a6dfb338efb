/// One published track (`TR_…`); changes when it is published again.
public struct TrackSid: Hashable, Sendable, CustomStringConvertible {
    /// The id as the server wrote it.
    public let stringValue: String

    /// Wraps an id.
    public init(_ stringValue: String) { self.stringValue = stringValue }
    public var description: String { stringValue }
}
