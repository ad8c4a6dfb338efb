package import MediaCore

/// Counts what a source's packets lost and how unevenly they came, and makes its report block (RFC
/// 3550 §6.4.1).
package struct ReceptionStatistics: Sendable {
    private let clockRate: Int64
    /// First and newest extended sequence numbers.
    private var first: Int64?
    private var highest: Int64 = 0
    /// Packets that came, without duplicates and retransmissions.
    package private(set) var receivedCount: Int64 = 0
    /// Bytes of payload that came.
    package private(set) var byteCount: Int64 = 0
    private var expectedBefore: Int64 = 0
    private var receivedBefore: Int64 = 0
    /// Estimated jitter in timestamp units, times 16.
    private var scaledJitter: Int64 = 0
    private var lastTransit: Int64?
    private var lastTimestamp: UInt32?
    private var lastReport: (middle: UInt32, arrival: MonotonicTime)?

    /// Makes statistics of a stream whose timestamps tick at `clockRate` Hz.
    package init(clockRate: Int) {
        self.clockRate = Int64(max(1, clockRate))
    }

    /// Counts one packet that came for the first time.
    package mutating func receive(
        sequence: Int64, timestamp: UInt32, payloadBytes: Int, at now: MonotonicTime
    ) {
        receivedCount += 1
        byteCount += Int64(payloadBytes)
        guard first != nil else {
            first = sequence
            highest = sequence
            return updateJitter(timestamp, at: now)
        }
        guard sequence > highest else { return }
        highest = sequence
        updateJitter(timestamp, at: now)
    }

    /// Remembers a sender report, for the delay since it.
    package mutating func receive(_ report: SenderReport, at now: MonotonicTime) {
        lastReport = (report.ntp.middle, now)
    }

    /// Packets that should have come and did not; negative when duplicates outnumber losses.
    package var lostCount: Int64 {
        guard let first else { return 0 }
        return highest - first + 1 - receivedCount
    }

    /// Interarrival jitter as time.
    package var jitter: Duration {
        .nanoseconds(scaledJitter / 16 &* 1_000_000_000 / clockRate)
    }

    /// The report block of the time since the last one; `nil` before the first packet.
    package mutating func makeReport(on source: SSRC, at now: MonotonicTime) -> ReportBlock? {
        guard let first else { return nil }
        // RFC 3550 §A.3
        let expected = highest - first + 1
        let expectedNow = expected - expectedBefore
        let lostNow = expectedNow - (receivedCount - receivedBefore)
        expectedBefore = expected
        receivedBefore = receivedCount
        let fraction = expectedNow > 0 && lostNow > 0 ? min(255, lostNow * 256 / expectedNow) : 0
        let cumulative = min(max(expected - receivedCount, -0x80_0000), 0x7F_FFFF)
        return ReportBlock(
            ssrc: source,
            fractionLost: UInt8(truncatingIfNeeded: fraction),
            cumulativeLost: Int32(truncatingIfNeeded: cumulative),
            // Extended numbers start one cycle up, so that they cannot become negative.
            highestSequence: UInt32(truncatingIfNeeded: highest &- 65_536),
            jitter: UInt32(truncatingIfNeeded: scaledJitter >> 4),
            lastSenderReport: lastReport?.middle ?? 0,
            delaySinceLastSenderReport: lastReport.map { Self.fraction65536(now - $0.arrival) } ?? 0)
    }

    /// RFC 3550 §A.8; only packets in order count, a late one says nothing about the path.
    private mutating func updateJitter(_ timestamp: UInt32, at now: MonotonicTime) {
        // All packets of one picture share a timestamp: only the first shows the path.
        guard timestamp != lastTimestamp else { return }
        lastTimestamp = timestamp
        let (seconds, rest) = now.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let arrival = seconds &* clockRate &+ rest &* clockRate / 1_000_000_000
        let transit = arrival &- Int64(timestamp)
        defer { lastTransit = transit }
        guard let lastTransit else { return }
        // Modulo 2^32, because timestamps wrap.
        let difference = Int64(Int32(truncatingIfNeeded: transit &- lastTransit)).magnitude
        // A jump of more than ten seconds is a new start of the sender's clock.
        guard difference < UInt64(clockRate) * 10 else { return }
        scaledJitter += Int64(difference) - ((scaledJitter + 8) >> 4)
    }

    /// A span in units of 1/65536 second (RFC 3550 §6.4.1, DLSR).
    private static func fraction65536(_ span: Duration) -> UInt32 {
        UInt32(truncatingIfNeeded: max(0, span.inNanoseconds) / 1_000 &* 65_536 / 1_000_000)
    }
}
