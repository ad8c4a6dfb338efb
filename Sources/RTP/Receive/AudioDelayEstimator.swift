package import MediaCore

/// Learns from arrivals how long sound has to wait so that nearly all of it comes in time.
///
/// Of each half second it keeps how late the latest packet came. The target is the delay that was enough for nine of
/// ten half seconds of the last ten seconds. Single packets of a calm path thus change nothing, and on a path that
/// jitters the target stays where it is: each change would be heard a little. Where packets get lost again and again,
/// it is enough for all of the copies that stood in for them: how late those are is known beforehand.
///
/// Half seconds in a row, three seconds at most, count as one: when a link becomes narrow a queue stands in front of it
/// until the sender has noticed, and waiting for its like would delay everything for ten seconds. While it stands, what
/// the last packets needed (`recent`) keeps the sound from being hurried into it.
package struct AudioDelayEstimator: Sendable {
    /// What no packet waits less than: one packet, which is being played while the next one arrives.
    package static let minimum: Duration = .milliseconds(20)
    /// Beyond this a conversation suffers more than by gaps.
    package static let maximum: Duration = .milliseconds(500)
    /// What a packet needs besides its lateness: the speaker asks every 10 ms.
    private static let margin: Duration = .milliseconds(12)
    private static let length: Duration = .milliseconds(500)
    private static let capacity = 20

    /// The worst lateness against the fastest path in half a second.
    private struct Span: Sendable {
        var worst: Duration = .zero
        /// The same of copies; `nil` when nothing got lost.
        var worstCopy: Duration?
    }

    /// One of so many half seconds may be worse than the target.
    private static let tolerated = 10
    /// So many half seconds in a row may count as one of them, and fewer while fewer are known.
    private static let longestEpisode = 6

    private var baseline = DelayBaseline(clockRate: 48_000)
    /// When the media of timestamp 0 would have come on the fastest path; `nil` after the sender's clock jumped.
    private var fastest: MonotonicTime?
    /// The last half seconds and the one that runs, which is the last; `end` is when it ends.
    private var spans: [Span] = []
    private var end: MonotonicTime?
    /// How late the worst packet of each of them was, in rising order; memory that is used again.
    private var sorted: [Duration] = []
    /// The delay wanted now.
    package private(set) var target = Self.minimum

    /// Makes an estimator that knows nothing and wants the minimum.
    package init() {
        spans.reserveCapacity(Self.capacity + 1)
        sorted.reserveCapacity(Self.capacity)
    }

    /// Takes one arrival; `isCopy`: the packet was lost, and came inside a later one.
    package mutating func receive(timestamp: Int64, isCopy: Bool = false, at arrival: MonotonicTime) {
        let lateness = baseline.receive(timestamp: timestamp, at: arrival)
        followBaseline()
        beginSpan(at: arrival)
        let last = spans.count - 1
        if isCopy {
            spans[last].worstCopy = max(spans[last].worstCopy ?? .zero, lateness)
        } else {
            spans[last].worst = max(spans[last].worst, lateness)
        }
        updateTarget()
    }

    /// What was enough for the last second at most.
    package var recent: Duration {
        min((spans.suffix(2).lazy.map(\.worst).max() ?? .zero) + Self.margin, Self.maximum)
    }

    /// When the media of `timestamp` would arrive on the fastest path.
    package func expectedArrival(of timestamp: Int64) -> MonotonicTime? {
        baseline.expectedArrival(of: timestamp)
    }

    /// Forgets the sender's clock, which jumped, but not what the path is like.
    package mutating func resetClock() {
        baseline.reset()
        fastest = nil
    }

    /// When the fastest path turns out to be another, what was late against it was so by more or less.
    private mutating func followBaseline() {
        let new = baseline.expectedArrival(of: 0)
        defer { fastest = new }
        guard let fastest, let new, new != fastest else { return }
        for index in spans.indices {
            spans[index].worst += fastest - new
            spans[index].worstCopy? += fastest - new
        }
    }

    private mutating func beginSpan(at now: MonotonicTime) {
        if let end, now < end { return }
        end = now + Self.length
        if spans.count == Self.capacity { spans.removeFirst() }
        spans.append(Span())
    }

    private mutating func updateTarget() {
        sorted.removeAll(keepingCapacity: true)
        for span in spans { sorted.append(span.worst) }
        sorted.sort()
        let wait = sorted.first { isEnough($0) } ?? .zero
        // Copies inside of what does not count do not either.
        let copies = spans.lazy.filter { $0.worst <= wait }.compactMap(\.worstCopy)
        let isRegular = copies.dropFirst().first != nil
        let worst = isRegular ? max(wait, copies.max() ?? .zero) : wait
        target = min(max(worst + Self.margin, Self.minimum), Self.maximum)
    }

    /// Whether few enough half seconds needed more.
    private func isEnough(_ wait: Duration) -> Bool {
        // Of the first few one may as well: joining a call is uneven.
        let tolerated = spans.count < 3 ? 0 : max(1, spans.count / Self.tolerated)
        var (worse, run, longest) = (0, 0, 0)
        for span in spans {
            run = span.worst > wait ? run + 1 : 0
            worse += min(run, 1)
            longest = max(longest, run)
        }
        let isEpisode = longest * Self.capacity <= Self.longestEpisode * spans.count
        return worse <= tolerated || isEpisode && worse - longest < tolerated
    }
}
