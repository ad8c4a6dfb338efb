import Glibc

/// The real clock. Owners ask it; machines never do.
public enum SystemClock {
    /// CLOCK_MONOTONIC now.
    public static var now: MonotonicTime {
        var value = timespec()
        clock_gettime(CLOCK_MONOTONIC, &value)
        return MonotonicTime(nanoseconds: Int64(value.tv_sec) &* 1_000_000_000 &+ Int64(value.tv_nsec))
    }

    /// Unix time now, in nanoseconds: for NTP timestamps and access tokens.
    package static var unixNanoseconds: Int64 {
        var value = timespec()
        clock_gettime(CLOCK_REALTIME, &value)
        return Int64(value.tv_sec) &* 1_000_000_000 &+ Int64(value.tv_nsec)
    }
}
