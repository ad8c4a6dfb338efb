package import MediaCore

/// Knows which packets are missing, and when to ask for each of them again (RFC 4585 §6.2.1).
///
/// A gap is asked for after a short wait, which grows to what reordering was seen, then once per
/// round trip with growing pauses, and given up after a few tries: a packet that never existed (a
/// sender does not resend padding) costs a handful of requests and no more.
package struct NackTracker: Sendable {
    /// What is asked for at the same time, at most; a larger gap is an outage, which a key frame
    /// ends.
    package static let maximumOutstanding = 250
    /// Requests per packet.
    package static let maximumRequests = 8
    /// How long a gap may be mere reordering, at least and at most.
    package static let reorderingWait: ClosedRange<Duration> = .milliseconds(8) ... .milliseconds(80)
    private static let shortestPause: Duration = .milliseconds(20)
    private static let longestPause: Duration = .milliseconds(400)

    private struct Missing: Sendable {
        var sequence: Int64
        var requests: Int
        var noticed: MonotonicTime
        var lastRequest: MonotonicTime
        var nextRequest: MonotonicTime
    }

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

    /// Makes a tracker that assumes `roundTrip` until it is told better.
    package init(roundTrip: Duration = .milliseconds(70)) {
        self.roundTrip = roundTrip
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
        let isRepeat = isKnownRepeat || (found.requests > 0 && now - found.lastRequest >= roundTrip / 2)
        if !isRepeat { reordering = max(now - found.noticed, reordering - reordering / 64) }
        return isRepeat
    }

    private mutating func noteGap(from first: Int64, to next: Int64, at now: MonotonicTime) {
        guard next > first else { return }
        guard next - first <= Int64(Self.maximumOutstanding) else { return abandonAll() }
        for number in first..<next {
            missing.append(
                Missing(
                    sequence: number, requests: 0, noticed: now, lastRequest: now,
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
        var isAnyOver = false
        for index in missing.indices where missing[index].nextRequest <= now {
            guard missing[index].requests < Self.maximumRequests else {
                isAnyOver = true
                continue
            }
            missing[index].requests += 1
            missing[index].lastRequest = now
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

    private var reorderingWait: Duration {
        min(
            max(reordering + .milliseconds(2), Self.reorderingWait.lowerBound), Self.reorderingWait.upperBound
        )
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
