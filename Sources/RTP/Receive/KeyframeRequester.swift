package import MediaCore

/// Asks for a key frame, and asks again with growing pauses until one comes (RFC 4585 §6.3.1).
package struct KeyframeRequester: Sendable {
    private static let shortestPause: Duration = .milliseconds(200)
    private static let longestPause: Duration = .seconds(2)
    /// What a key frame may take from its first packet to its last.
    private static let arrivalTime: Duration = .milliseconds(300)

    /// When the next request is due; `nil` while no key frame is wanted.
    package private(set) var nextDeadline: MonotonicTime?
    private var pause = Self.shortestPause
    /// Time from a request to the key frame's first packet.
    private var roundTrip: Duration = .zero
    /// When the last request went out, so that wishes in quick succession become one.
    private var lastRequest: MonotonicTime?
    /// Requests made.
    package private(set) var requestCount = 0

    /// Makes a requester that wants nothing.
    package init() {}

    /// Wants a key frame, `delay` from now on. A second wish while one is open changes nothing.
    package mutating func request(at now: MonotonicTime, after delay: Duration = .zero) {
        guard nextDeadline == nil else { return }
        pause = firstPause
        nextDeadline = max(now + delay, lastRequest.map { $0 + firstPause } ?? now)
    }

    /// Wants a key frame at once, whatever was asked for before: the path stood still, and requests made
    /// meanwhile are lost.
    package mutating func urge(at now: MonotonicTime) {
        pause = firstPause
        nextDeadline = now
    }

    /// A key frame has begun to arrive: asking again would only bring another.
    package mutating func postpone(at now: MonotonicTime) {
        guard nextDeadline != nil else { return }
        nextDeadline = now + Self.arrivalTime + firstPause
    }

    /// Says how long an answer takes: repeating a request before that is useless.
    package mutating func update(roundTrip: Duration) {
        self.roundTrip = roundTrip
    }

    /// A key frame arrived: nothing is wanted any more.
    package mutating func fulfil() {
        nextDeadline = nil
    }

    /// Whether a request is to be sent now.
    package mutating func advance(to now: MonotonicTime) -> Bool {
        guard let due = nextDeadline, due <= now else { return false }
        requestCount += 1
        lastRequest = now
        nextDeadline = now + pause
        pause = min(pause * 3 / 2, Self.longestPause)
        return true
    }

    /// Whether a key frame is wanted.
    package var isWaiting: Bool { nextDeadline != nil }

    private var firstPause: Duration { max(Self.shortestPause, roundTrip * 2) }
}
