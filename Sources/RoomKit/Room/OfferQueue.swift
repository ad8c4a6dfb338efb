/// One offer at a time: whoever needs another negotiation meanwhile waits for the next one.
///
/// A counter says up to which wish the last applied answer reaches, so a wish that came while an offer was out is
/// served by a further offer and never by the stale answer.
struct OfferQueue {
    /// Number of the newest wish.
    private(set) var wanted = 0
    /// Newest wish that an applied answer covers.
    private(set) var served = 0
    /// The wish covered by the offer that is out, and the id of that offer.
    private var pending: (wish: Int, id: UInt32)?
    private var lastID: UInt32 = 0

    /// A new wish; answered when `served` reaches it.
    mutating func want() -> Int {
        wanted += 1
        return wanted
    }

    /// The id of an offer to make now, or `nil` when one is out or nothing is wanted.
    mutating func begin() -> UInt32? {
        guard pending == nil, wanted > served else { return nil }
        lastID &+= 1
        pending = (wanted, lastID)
        return lastID
    }

    /// Whether an answer belongs to the offer that is out; 0 belongs to any.
    func accepts(id: UInt32) -> Bool { pending.map { id == 0 || $0.id == id } ?? false }

    /// The answer has been applied.
    mutating func complete() {
        if let pending { served = pending.wish }
        pending = nil
    }

    /// The offer that is out will not be answered.
    mutating func abandon() { pending = nil }
}
