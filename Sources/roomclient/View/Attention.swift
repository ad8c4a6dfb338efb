import MediaCore

/// Turns from one person's picture to another's when only the one that is shown is sent to us.
///
/// A picture that we do not ask for does not move, which must not count against its person; one that we ask for
/// has to come within `patience`. Until it has come, the picture before stays for up to `overlap`.
struct Attention: Hashable, Sendable {
    private static let patience: Duration = .seconds(2)
    private static let overlap: Duration = .seconds(1)

    private let isAdaptive: Bool
    /// The track that is asked for, and since when.
    private(set) var watched: String?
    private var since = MonotonicTime.zero
    /// The person whose moving picture was shown last.
    private var last: String?
    /// Whether the picture before may still stand in.
    private var isTurning = false
    /// Tracks that were asked for and did not come.
    private var dark: Set<String> = []

    init(isAdaptive: Bool) { self.isAdaptive = isAdaptive }

    /// Whether a person's picture moves, or would if it were asked for.
    func isLive(_ person: CallScene.Person, moves: Bool) -> Bool {
        guard isAdaptive, !moves else { return moves }
        guard let sid = person.video, !person.isVideoMuted else { return false }
        return !dark.contains(sid)
    }

    /// This person is to be seen; `moves` says whether the picture does.
    mutating func turn(to person: CallScene.Person?, moves: Bool, at now: MonotonicTime) {
        let sid = person?.isVideoMuted == false ? person?.video : nil
        if sid != watched {
            watched = sid
            since = now
        }
        if moves {
            last = person?.identity
            if let sid { dark.remove(sid) }
        } else if let sid, now - since > Self.patience {
            dark.insert(sid)
        }
        isTurning = isAdaptive && sid != nil && !moves && now - since < Self.overlap
    }

    /// Who stands in for the person we turned to: the one before, if the picture still moves.
    func shown(of people: [CallScene.Person], moves: (CallScene.Person) -> Bool) -> CallScene.Person? {
        guard isTurning, let person = people.first(where: { $0.identity == last }), moves(person) else {
            return nil
        }
        return person
    }
}
