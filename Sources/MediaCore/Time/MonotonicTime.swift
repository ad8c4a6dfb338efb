/// A point on the monotonic clock of this machine.
///
/// It has no `now`: machines are told the time, and only owners ask `SystemClock`.
public struct MonotonicTime: Hashable, Comparable, Sendable {
    /// Nanoseconds since an arbitrary start, the same for every process of one boot (CLOCK_MONOTONIC).
    public var nanoseconds: Int64

    /// Makes a time from nanoseconds of CLOCK_MONOTONIC.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Makes a time from microseconds of CLOCK_MONOTONIC.
    public init(microseconds: Int64) {
        self.nanoseconds = microseconds &* 1_000
    }

    /// Whole microseconds since the start.
    public var microseconds: Int64 { nanoseconds / 1_000 }

    /// Whole milliseconds since the start.
    public var milliseconds: Int64 { nanoseconds / 1_000_000 }

    /// The start of the clock; also where virtual time begins in tests.
    public static let zero = MonotonicTime(nanoseconds: 0)

    /// Later than anything that happens.
    public static let distantFuture = MonotonicTime(nanoseconds: .max)

    public static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    public static func + (time: MonotonicTime, span: Duration) -> MonotonicTime {
        MonotonicTime(nanoseconds: time.nanoseconds &+ span.inNanoseconds)
    }

    public static func - (time: MonotonicTime, span: Duration) -> MonotonicTime {
        MonotonicTime(nanoseconds: time.nanoseconds &- span.inNanoseconds)
    }

    public static func - (later: MonotonicTime, earlier: MonotonicTime) -> Duration {
        .nanoseconds(later.nanoseconds &- earlier.nanoseconds)
    }

    public static func += (time: inout MonotonicTime, span: Duration) {
        time = time + span
    }
}

extension Duration {
    /// This span in whole nanoseconds; spans beyond 292 years are not used here.
    public var inNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
    }

    /// This span in milliseconds, with its fraction.
    public var inMilliseconds: Double { Double(inNanoseconds) / 1_000_000 }

    /// This span in seconds, with its fraction.
    public var inSeconds: Double { Double(inNanoseconds) / 1_000_000_000 }
}
