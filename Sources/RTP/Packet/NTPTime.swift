/// A wall clock time as sender reports carry it: seconds since 1900 in 32.32 fixed point (RFC 3550 §4).
package struct NTPTime: Hashable, Sendable {
    /// Seconds in the upper, fraction in the lower 32 bits.
    package var value: UInt64

    /// Seconds from 1900 to 1970.
    private static let epoch: Int64 = 2_208_988_800

    /// Makes a time from its bits.
    package init(value: UInt64) {
        self.value = value
    }

    /// Makes a time from Unix time.
    package init(unixNanoseconds: Int64) {
        let (seconds, nanoseconds) = unixNanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let isBefore = nanoseconds < 0
        let whole = seconds &+ Self.epoch &- (isBefore ? 1 : 0)
        let part = UInt64(isBefore ? nanoseconds + 1_000_000_000 : nanoseconds)
        value = UInt64(truncatingIfNeeded: whole) << 32 | (part << 32) / 1_000_000_000
    }

    /// This time as Unix time. Times before 1968 count as of the next era, which begins in 2036 (RFC
    /// 5905 §6).
    package var unixNanoseconds: Int64 {
        let wire = Int64(value >> 32)
        let seconds = wire < 0x8000_0000 ? wire + (1 << 32) : wire
        let part = Int64(((value & 0xFFFF_FFFF) * 1_000_000_000 + 0x8000_0000) >> 32)
        return (seconds - Self.epoch) * 1_000_000_000 + part
    }

    /// The middle 32 bits, as report blocks repeat them: seconds in 16.16 fixed point (RFC 3550 §6.4.1).
    package var middle: UInt32 { UInt32(truncatingIfNeeded: value >> 16) }
}
