package import MediaCore

/// Knows which packets are missing, and when to ask for each of them again (RFC 4585 §6.2.1).
///
/// A gap is asked for after a short wait, because reordering is more common than it looks, then once per round
/// trip with growing pauses, and given up after a few tries: a packet that never existed (a sender does not
/// resend padding) costs a handful of requests and no more.
package struct NackTracker: Sendable {
    /// What is asked for at the same time, at most; a larger gap is an outage, which a key frame ends.
    package static let maximumOutstanding = 250
    /// Requests per packet.
    package static let maximumRequests = 8
    /// How long a gap may be mere reordering.
    package static let reorderingWait: Duration = .milliseconds(8)
    private static let shortestPause: Duration = .milliseconds(20)
    private static let longestPause: Duration = .milliseconds(400)

    private struct Missing: Sendable {
        var sequence: Int64
        var requests: Int
        var nextRequest: MonotonicTime
    }

    /// In rising order of sequence number.
    private var missing: [Missing] = []
    /// Newest sequence number seen.
    private var highest: Int64?
    /// Time from a request to its answer, as far as known.
    private var roundTrip: Duration
    /// Packets asked for, counting repetitions.
    package private(set) var requestCount = 0
    /// Packets that arrived after they had been asked for.
    package private(set) var recoveredCount = 0
    /// Packets given up.
    package private(set) var abandonedCount = 0

    /// Makes a tracker that assumes `roundTrip` until it is told better.
    package init(roundTrip: Duration = .milliseconds(70)) {
        self.roundTrip = roundTrip
        missing.reserveCapacity(Self.maximumOutstanding + 1)
    }

    /// Takes the extended number of a packet that arrived.
    package mutating func receive(_ sequence: Int64, at now: MonotonicTime) {
        guard let highest else {
            self.highest = sequence
            return
        }
        guard sequence > highest else { return found(sequence) }
        self.highest = sequence
        let gap = sequence - highest - 1
        guard gap > 0 else { return }
        guard gap <= Int64(Self.maximumOutstanding) else { return abandonAll() }
        for number in (highest + 1)..<sequence {
            missing.append(Missing(sequence: number, requests: 0, nextRequest: now + Self.reorderingWait))
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
        var isAnyOver = false
        for index in missing.indices where missing[index].nextRequest <= now {
            guard missing[index].requests < Self.maximumRequests else {
                isAnyOver = true
                continue
            }
            missing[index].requests += 1
            missing[index].nextRequest = now + pause(after: missing[index].requests)
            requestCount += 1
            requests.append(UInt16(truncatingIfNeeded: missing[index].sequence))
        }
        guard isAnyOver else { return }
        let before = missing.count
        missing.removeAll { $0.requests >= Self.maximumRequests && $0.nextRequest <= now }
        abandonedCount += before - missing.count
    }

    /// When the next request, or giving up, is due.
    package var nextDeadline: MonotonicTime? {
        missing.min { $0.nextRequest < $1.nextRequest }?.nextRequest
    }

    /// How many packets are missing and still wanted.
    package var outstandingCount: Int { missing.count }

    private mutating func found(_ sequence: Int64) {
        guard let index = missing.firstIndex(where: { $0.sequence == sequence }) else { return }
        if missing[index].requests > 0 { recoveredCount += 1 }
        missing.remove(at: index)
    }

    private mutating func abandonAll() {
        abandonedCount += missing.count
        missing.removeAll(keepingCapacity: true)
    }

    /// Pauses grow by a quarter each time, from one round trip.
    private func pause(after requests: Int) -> Duration {
        var pause = max(Self.shortestPause, roundTrip + .milliseconds(5))
        for _ in 1..<max(1, requests) { pause = pause * 5 / 4 }
        return min(pause, Self.longestPause)
    }
}
