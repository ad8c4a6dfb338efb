import MediaCore

/// Holds addresses that are reached over TCP back until UDP has had its chance.
///
/// libnice nominates the first pair that answers. Where packets get lost that is often one over TCP, whose kernel
/// repeats what was lost at once, and it stays in use: media then come without loss, but late, and stop at each of
/// them. So a candidate over TCP is tried only when there is no path after `patience`, or no other candidate at all.
struct TCPCandidateGate: Sendable {
    /// Enough for three checks over UDP: libnice repeats one after half a second, and after another whole one.
    static let patience: Duration = .seconds(2)

    private var waiting: [ICECandidate] = []
    private var opening: MonotonicTime?
    private var isOpen = false
    private var hasDatagrams = false
    private var hasEnded = false

    /// Whether something is held back.
    var isHolding: Bool { !waiting.isEmpty }

    /// Whether no further candidates follow, and none is held back.
    var isComplete: Bool { hasEnded && !isHolding }

    /// When `advance` has something to do.
    var nextDeadline: MonotonicTime? { isHolding ? opening : nil }

    /// Takes a candidate of the other side; answers it when it may be tried now.
    mutating func receive(_ candidate: ICECandidate, at now: MonotonicTime) -> ICECandidate? {
        guard case .tcp = candidate.transport else {
            hasDatagrams = true
            return candidate
        }
        guard !isOpen else { return candidate }
        opening = opening ?? now + Self.patience
        waiting.append(candidate)
        return nil
    }

    /// No further candidates follow; answers those to try when there are none over UDP.
    mutating func end() -> [ICECandidate] {
        hasEnded = true
        return hasDatagrams ? [] : open()
    }

    /// Answers the candidates to try when their time has come: none when there is a path.
    mutating func advance(to now: MonotonicTime, isConnected: Bool) -> [ICECandidate] {
        guard let nextDeadline, nextDeadline <= now else { return [] }
        guard isConnected else { return open() }
        waiting = []
        return []
    }

    /// A new generation of candidates begins.
    mutating func reset() {
        self = TCPCandidateGate()
    }

    private mutating func open() -> [ICECandidate] {
        isOpen = true
        defer { waiting = [] }
        return waiting
    }
}
