import MediaCore
import RTP

/// Learns the round-trip time from reports about reports.
struct RoundTripEstimator: Sendable {
    /// The smoothed time; `nil` before the first report.
    private(set) var roundTrip: Duration?

    /// Takes the two times of a report block or of a DLRR block (RFC 3550 §6.4.1, RFC 3611 §4.5);
    /// `now` is the middle of the NTP time. Answers whether there is a new value.
    mutating func receive(lastReport: UInt32, delay: UInt32, now: UInt32) -> Bool {
        guard lastReport != 0 else { return false }
        let units = Int64(Int32(bitPattern: now &- lastReport &- delay))
        // A little below zero is rounding; far from it, the report is nonsense.
        guard units > -655, units < 65_536 * 10 else { return false }
        let sample = Duration.nanoseconds(max(units, 0) * 1_000_000_000 / 65_536)
        roundTrip = roundTrip.map { $0 + (sample - $0) / 8 } ?? sample
        return true
    }
}
