package import MediaCore

/// Counts what a stream sent and says how its timestamps lie on the wall clock (RFC 3550 §6.4.1).
package struct SenderReporter: Sendable {
    private let ssrc: SSRC
    private let clockRate: Int64
    /// Packets sent, without repeats.
    package private(set) var packetCount: UInt32 = 0
    /// Bytes of payload sent, without repeats.
    package private(set) var octetCount: UInt32 = 0
    /// A timestamp and the time it stands for.
    private var reference: (timestamp: UInt32, time: MonotonicTime)?
    private var unwrapper = TimestampUnwrapper()
    private var baseline: DelayBaseline

    /// Makes a reporter of a stream whose timestamps tick at `clockRate` Hz.
    package init(ssrc: SSRC, clockRate: Int) {
        self.ssrc = ssrc
        self.clockRate = Int64(max(1, clockRate))
        baseline = DelayBaseline(clockRate: clockRate)
    }

    /// Counts a packet.
    package mutating func sent(payloadBytes: Int) {
        packetCount &+= 1
        octetCount &+= UInt32(truncatingIfNeeded: payloadBytes)
    }

    /// The media of `timestamp` was captured at `time`.
    package mutating func captured(_ timestamp: UInt32, at time: MonotonicTime) {
        reference = (timestamp, time)
    }

    /// Media of `timestamp` came by at `time` on its way from somebody else. The fastest of many
    /// shows the sender's clock best, because queues only ever delay.
    package mutating func passed(_ timestamp: UInt32, at time: MonotonicTime) {
        let extended = unwrapper.unwrap(timestamp)
        let lateness = baseline.receive(timestamp: extended, at: time)
        if lateness > .seconds(1) {
            baseline.reset()
            _ = baseline.receive(timestamp: extended, at: time)
        }
        reference = (timestamp, baseline.expectedArrival(of: extended) ?? time)
    }

    /// The report of this moment; `nil` before the first packet. `unixNanoseconds` is the wall
    /// clock at `now`.
    package func makeReport(at now: MonotonicTime, unixNanoseconds: Int64) -> SenderReport? {
        guard let reference, packetCount > 0 else { return nil }
        let (seconds, rest) = (now - reference.time).inNanoseconds.quotientAndRemainder(
            dividingBy: 1_000_000_000)
        let ticks = seconds &* clockRate &+ rest &* clockRate / 1_000_000_000
        return SenderReport(
            ssrc: ssrc, ntp: NTPTime(unixNanoseconds: unixNanoseconds),
            timestamp: reference.timestamp &+ UInt32(truncatingIfNeeded: ticks), packetCount: packetCount,
            octetCount: octetCount, blocks: [])
    }
}
