/// One session of one participant: `PA_` and a random tail; new with every join.
struct ParticipantSID: Hashable, Sendable {
    /// The text on the wire.
    var text: String
}

/// One published media track: `TR_`, two letters for kind and source, and a random tail.
struct TrackSID: Hashable, Sendable {
    /// The text on the wire.
    var text: String
}

/// One codec of a published track, which comes in a section of its own.
struct TrackStream: Hashable, Sendable {
    /// The track.
    var track: TrackSID
    /// The place of the codec in the record of the track; 0 = the first, which is always sent.
    var codec = 0
}

/// Makes the identifiers of rooms, participants and tracks.
struct IdentifierSource: Sendable {
    private var random: any RandomNumberGenerator & Sendable

    /// Letters and digits that cannot be mistaken for each other.
    private static let alphabet = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")

    /// Makes a source of identifiers; tests bring a seeded generator.
    init(random: any RandomNumberGenerator & Sendable) {
        self.random = random
    }

    /// An identifier with the given prefix.
    mutating func next(_ prefix: String) -> String {
        prefix + String((0..<12).map { _ in Self.alphabet[Int(random.next() % 57)] })
    }

    /// A random number, for stream sources and first offer numbers.
    mutating func number() -> UInt32 { UInt32(truncatingIfNeeded: random.next()) }
}
