/// The time of each picture as encoder libraries want it: in 90 kHz units, and always growing.
struct PresentationClock: Sendable {
    private var time: Int64 = 0
    private var lastTimestamp: UInt32?

    /// Follows the RTP timestamp, but never back and never further than a second: rate control would credit the gap.
    mutating func advance(to timestamp: UInt32) -> Int64 {
        let step = lastTimestamp.map { Int64(Int32(bitPattern: timestamp &- $0)) } ?? 1
        time += min(max(step, 1), 90_000)
        lastTimestamp = timestamp
        return time
    }
}
