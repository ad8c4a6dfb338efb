package import MediaCore

/// Knows which packets are missing, and when to ask for each of them again (RFC 4585 §6.2.1).
///
/// A gap is asked for at once, or, where packets overtake each other, after as long as that was seen to
/// take; then twice per round trip, and given up after a few tries: a packet that never existed (a
/// sender does not resend padding) costs a handful of requests and no more.
///
/// The second request of each round follows after a third of the round trip. Senders leave out what
/// they repeated less than about a round trip ago, so it brings no second copy; but it replaces a
/// request that was lost, and one that LiveKit's server ignored because it came within 100 ms of the
/// packet itself.
package struct NackTracker: Sendable {
    /// What is asked for at the same time, at most; a larger gap is an outage, which a key frame
    /// ends.
    package static let maximumOutstanding = 250
    /// Requests per packet.
    package static let maximumRequests = 12
    /// How long a gap may be mere reordering, at least and at most.
    package static let reorderingWait: ClosedRange<Duration> = .zero ... .milliseconds(80)
    private static let shortestPause: Duration = .milliseconds(20)
    private static let longestPause: Duration = .milliseconds(400)
    private static let company: Duration = .milliseconds(5)

    private struct Missing: Sendable {
        var sequence: Int64
        var requests: Int
        var noticed: MonotonicTime
        var firstRequest: MonotonicTime
        var nextRequest: MonotonicTime
    }

    /// A gap of more packets is not asked for.
    private let longestGap: Int
    /// In rising order of sequence number.
    private var missing: [Missing] = []
    /// Newest sequence number seen.
    private var highest: Int64?
    /// Time from a request to its answer, as far as known.
    private var roundTrip: Duration
    /// How much later than their successors packets come, nearly the worst of the last hundred.
    private var reordering: Duration = .zero
    /// Packets asked for, counting repetitions.
    package private(set) var requestCount = 0
    /// Packets that arrived after they had been asked for.
    package private(set) var recoveredCount = 0
    /// Packets given up.
    package private(set) var abandonedCount = 0

    /// Makes a tracker that assumes `roundTrip` until it is told better, and does not ask for gaps of more than
    /// `longestGap` packets.
    package init(roundTrip: Duration = .milliseconds(70), longestGap: Int = Self.maximumOutstanding) {
        self.roundTrip = roundTrip
        self.longestGap = min(longestGap, Self.maximumOutstanding)
        missing.reserveCapacity(Self.maximumOutstanding + 1)
    }

    /// Takes the extended number of a packet that arrived; answers whether it is the answer to a
    /// request, which the caller knows when repeats have a stream of their own.
    @discardableResult
    package mutating func receive(
        _ sequence: Int64, isKnownRepeat: Bool = false, at now: MonotonicTime
    ) -> Bool {
        guard let highest, sequence <= highest else {
            if let highest { noteGap(from: highest + 1, to: sequence, at: now) }
            highest = sequence
            return false
        }
        guard let index = missing.firstIndex(where: { $0.sequence == sequence }) else { return false }
        let found = missing.remove(at: index)
        if found.requests > 0 { recoveredCount += 1 }
        // What comes sooner than an answer can was only late.
        let isRepeat = isKnownRepeat || (found.requests > 0 && now - found.firstRequest >= roundTrip / 2)
        if !isRepeat { reordering = max(now - found.noticed, reordering - reordering / 64) }
        return isRepeat
    }

    private mutating func noteGap(from first: Int64, to next: Int64, at now: MonotonicTime) {
        guard next > first else { return }
        guard next - first <= Int64(longestGap) else { return abandonAll() }
        for number in first..<next {
            missing.append(
                Missing(
                    sequence: number, requests: 0, noticed: now, firstRequest: now,
                    nextRequest: now + reorderingWait))
        }
        let surplus = missing.count - Self.maximumOutstanding
        if surplus > 0 {
            abandonedCount += surplus
            missing.removeFirst(surplus)
        }
    }

    /// Gives up what is older than `sequence`: nobody waits for it any more.
    package mutating func forget(before sequence: Int64) {
        let count = missing.prefix { $0.sequence < sequence }.count
        guard count > 0 else { return }
        abandonedCount += count
        missing.removeFirst(count)
    }

    /// Says how long an answer takes.
    package mutating func update(roundTrip: Duration) {
        self.roundTrip = min(max(roundTrip, .milliseconds(1)), .seconds(1))
    }

    /// Appends the sequence numbers that are to be asked for now.
    package mutating func advance(to now: MonotonicTime, requests: inout [UInt16]) {
        guard let due = nextDeadline, due <= now else { return }
        var isAnyOver = false
        for index in missing.indices where Self.isDue(missing[index], at: now) {
            guard missing[index].requests < Self.maximumRequests else {
                isAnyOver = true
                continue
            }
            if missing[index].requests == 0 { missing[index].firstRequest = now }
            missing[index].requests += 1
            missing[index].nextRequest = now + pause(after: missing[index].requests)
            requestCount += 1
            requests.append(UInt16(truncatingIfNeeded: missing[index].sequence))
        }
        guard isAnyOver else { return }
        let before = missing.count
        missing.removeAll { $0.requests >= Self.maximumRequests && Self.isDue($0, at: now) }
        abandonedCount += before - missing.count
    }

    /// Repetitions go along with what is due a little before them: that saves messages.
    private static func isDue(_ packet: Missing, at now: MonotonicTime) -> Bool {
        packet.nextRequest <= now + (packet.requests == 0 ? .zero : company)
    }

    /// When the next request, or giving up, is due.
    package var nextDeadline: MonotonicTime? {
        missing.min { $0.nextRequest < $1.nextRequest }?.nextRequest
    }

    /// How many packets are missing and still wanted.
    package var outstandingCount: Int { missing.count }

    private var reorderingWait: Duration {
        guard reordering > .zero else { return Self.reorderingWait.lowerBound }
        return min(reordering + .milliseconds(2), Self.reorderingWait.upperBound)
    }

    private mutating func abandonAll() {
        abandonedCount += missing.count
        missing.removeAll(keepingCapacity: true)
    }

    /// The pauses of a round make up one round trip; rounds grow by a quarter each time.
    private func pause(after requests: Int) -> Duration {
        var round = max(Self.shortestPause * 2, roundTrip + .milliseconds(5))
        for _ in 0..<(requests - 1) / 2 { round = round * 5 / 4 }
        round = min(round, Self.longestPause)
        let early = max(Self.shortestPause, round / 3)
        return requests % 2 == 1 ? early : round - early
    }
}
