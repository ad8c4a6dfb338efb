/// Extends 32-bit RTP timestamps to 64 bits, so that they can be compared and subtracted.
///
/// Each timestamp becomes the value nearest to the latest one; the first value `v` becomes `v + 2³²`.
package struct TimestampUnwrapper: Sendable {
    private var latest: Int64?

    /// Makes an unwrapper that has seen nothing.
    package init() {}

    /// The extended value of `timestamp`.
    package mutating func unwrap(_ timestamp: UInt32) -> Int64 {
        guard let reference = latest else {
            let first = Int64(timestamp) + (1 << 32)
            latest = first
            return first
        }
        let distance = Int32(bitPattern: timestamp &- UInt32(truncatingIfNeeded: reference))
        let value = reference &+ Int64(distance)
        latest = max(reference, value)
        return value
    }
}
