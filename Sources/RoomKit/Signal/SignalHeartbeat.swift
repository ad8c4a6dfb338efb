internal import LiveKitProtocol
internal import MediaCore

/// Pings of one session, as a small machine: when the next is due, how long the way is, when
/// silence means loss.
struct SignalHeartbeat: Sendable {
    /// The last measured way to the server and back.
    private(set) var roundTripTime: Duration?
    /// Unix time minus monotonic time: pings carry Unix milliseconds.
    private let unixOffset: Duration
    /// Time between pings; `nil` = the server wants none.
    private var interval: Duration?
    /// Silence after which the connection counts as lost; `nil` = never.
    private var timeout: Duration?
    private var nextPing: MonotonicTime?
    /// The ping whose answer is awaited: what it said, and when it went out.
    private var lastPing: (timestamp: Int64, time: MonotonicTime)?
    private var lastHeard = MonotonicTime.zero

    /// Makes a heartbeat that stands still.
    init(unixOffset: Duration) {
        self.unixOffset = unixOffset
    }

    /// Takes the server's wishes, in seconds; zero or less means no pings and no timeout.
    mutating func configure(interval: Int32, timeout: Int32) {
        self.interval = interval > 0 ? .seconds(Int64(interval)) : nil
        self.timeout = interval > 0 && timeout > 0 ? .seconds(Int64(timeout)) : nil
    }

    /// Starts to beat on a new socket; the first ping is due at once, as it measures the way.
    mutating func start(at now: MonotonicTime) {
        lastHeard = now
        lastPing = nil
        nextPing = interval.map { _ in now }
    }

    /// Something arrived: whatever it is, the server is there.
    mutating func hear(at now: MonotonicTime) {
        lastHeard = now
    }

    /// An answer arrived; one to another ping says nothing.
    mutating func receive(_ pong: Livekit_Pong, at now: MonotonicTime) {
        guard let lastPing, pong.lastPingTimestamp == lastPing.timestamp else { return }
        roundTripTime = now - lastPing.time
        self.lastPing = nil
    }

    /// Whether the server has been silent for too long.
    func isSilent(at now: MonotonicTime) -> Bool {
        timeout.map { now >= lastHeard + $0 } ?? false
    }

    /// The ping that is due, if one is.
    mutating func takePing(at now: MonotonicTime) -> Livekit_Ping? {
        guard let nextPing, now >= nextPing else { return nil }
        self.nextPing = interval.map { now + $0 }
        var ping = Livekit_Ping()
        ping.timestamp = (now.nanoseconds &+ unixOffset.inNanoseconds) / 1_000_000
        ping.rtt = roundTripTime.map { $0.inNanoseconds / 1_000_000 } ?? 0
        lastPing = (ping.timestamp, now)
        return ping
    }

    /// When a ping is due or silence has lasted too long.
    var nextDeadline: Deadline? {
        Deadline.earliest(
            nextPing.map { Deadline($0, .ping) }, timeout.map { Deadline(lastHeard + $0, .silence) })
    }
}
