/// Candidates of the other side, held back until the description they belong to is known.
///
/// A candidate names its generation by the user name fragment; one of a former generation is dropped,
/// one of a
/// generation not seen yet waits (RFC 8838 §9).
struct RemoteCandidateQueue: Sendable {
    /// More than this many candidates of one side are noise.
    private static let limit = 128

    /// The user name of the generation in force.
    private var current: String?
    /// User names of generations that are over.
    private var former: Set<String> = []
    /// Candidates that cannot be used yet.
    private var waiting: [ICECandidate] = []
    /// Candidates given out in this generation.
    private var acceptedCount = 0

    /// Takes a candidate; answers it when it can be used now.
    mutating func receive(_ candidate: ICECandidate) -> ICECandidate? {
        guard candidate.component == 1, !candidate.isHidden else { return nil }
        guard let current, candidate.usernameFragment ?? current == current else {
            if let name = candidate.usernameFragment, former.contains(name) { return nil }
            if waiting.count < Self.limit { waiting.append(candidate) }
            return nil
        }
        guard acceptedCount < Self.limit else { return nil }
        acceptedCount += 1
        return candidate
    }

    /// Begins the generation called `username`; answers the candidates that waited for it.
    mutating func begin(_ username: String) -> [ICECandidate] {
        guard username != current else { return [] }
        if let current { former.insert(current) }
        current = username
        acceptedCount = 0
        let candidates = waiting
        waiting = []
        return candidates.compactMap { receive($0) }
    }
}
