import MediaCore

/// Extends absolute send times, 24 bits that wrap every 64 seconds, so that they can be subtracted.
///
/// Each time becomes the value nearest to the one before; after a pause of 32 seconds that is a guess.
struct AbsoluteSendTimeUnwrapper: Sendable {
    private var latest: Int64?

    /// The extended time of `time`, in units of 2⁻¹⁸ seconds.
    mutating func unwrap(_ time: UInt32) -> Int64 {
        let reference = latest ?? Int64(time & 0xFF_FFFF)
        // The low 24 bits of the difference, with the sign they have as such.
        let distance = Int32(bitPattern: (time &- UInt32(truncatingIfNeeded: reference)) << 8) >> 8
        let value = reference &+ Int64(distance)
        latest = value
        return value
    }

    /// An extended time on the sender's clock: 6.18 fixed point seconds.
    static func time(_ extended: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: (extended &* 1_953_125) >> 9)
    }
}
