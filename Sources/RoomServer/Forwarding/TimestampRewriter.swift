import MediaCore

/// Keeps the timestamps of one outgoing stream on one clock, although each simulcast layer has its own.
///
/// Sender reports tell how the clocks of two layers relate; without them the time of arrival has to do.
struct TimestampRewriter: Sendable {
    /// Added to incoming timestamps.
    private(set) var offset: UInt32 = 0
    /// The layer that is being forwarded; `nil` before the first packet.
    private var layer: Int?
    /// The newest timestamp given out, and when.
    private var last: (timestamp: UInt32, time: MonotonicTime)?
    private let clockRate: Int64
    /// A layer that no source has.
    private static let elsewhere = -1

    /// Makes a rewriter for a codec with this clock rate, in Hz.
    init(clockRate: Int) {
        self.clockRate = Int64(clockRate)
    }

    /// Goes over to a layer, whose first packet has this timestamp.
    mutating func begin(
        _ newLayer: Int, timestamp: UInt32, clocks: [LayerClock?], at now: MonotonicTime
    ) {
        defer { layer = newLayer }
        guard let last, let oldLayer = layer, oldLayer != newLayer else { return }
        let expected = last.timestamp &+ ticks(now - last.time)
        var output = reported(timestamp, from: oldLayer, to: newLayer, clocks) ?? expected
        // Reports that disagree with the arrival by more than a second are not to be believed.
        let disagreement = Int64(Int32(bitPattern: output &- expected))
        if abs(disagreement) > clockRate { output = expected }
        if Int32(bitPattern: output &- last.timestamp) <= 0 { output = last.timestamp &+ 1 }
        offset = output &- timestamp
    }

    /// What follows has another clock, of which reports tell nothing.
    mutating func leave() {
        if layer != nil { layer = Self.elsewhere }
    }

    /// The outgoing timestamp of a packet of the current layer.
    mutating func take(_ timestamp: UInt32, at now: MonotonicTime) -> UInt32 {
        let output = timestamp &+ offset
        if let last, Int32(bitPattern: output &- last.timestamp) <= 0 { return output }
        last = (output, now)
        return output
    }

    /// What the timestamp would have been in the old layer, on the outgoing clock.
    private func reported(
        _ timestamp: UInt32, from old: Int, to new: Int, _ clocks: [LayerClock?]
    ) -> UInt32? {
        guard clocks.indices.contains(old), clocks.indices.contains(new), let oldClock = clocks[old],
            let newClock = clocks[new]
        else { return nil }
        let time = newClock.time(of: timestamp, rate: clockRate)
        return oldClock.timestamp(at: time, rate: clockRate) &+ offset
    }

    private func ticks(_ span: Duration) -> UInt32 {
        UInt32(truncatingIfNeeded: span.inNanoseconds / 1_000 &* clockRate / 1_000_000)
    }
}

/// What the last sender report said about the clock of one layer.
struct LayerClock: Hashable, Sendable {
    /// Wall-clock time of the publisher, in Unix nanoseconds.
    var time: Int64
    /// The RTP timestamp at that time.
    var timestamp: UInt32

    /// The publisher's wall-clock time of a timestamp, in Unix nanoseconds.
    func time(of timestamp: UInt32, rate: Int64) -> Int64 {
        time &+ Int64(Int32(bitPattern: timestamp &- self.timestamp)) &* 1_000_000_000 / rate
    }

    /// The timestamp at a wall-clock time, in Unix nanoseconds.
    func timestamp(at time: Int64, rate: Int64) -> UInt32 {
        // Microseconds, because nanoseconds times a clock rate do not fit.
        timestamp
            &+ UInt32(
                truncatingIfNeeded: ((time &- self.time) / 1_000).multipliedReportingOverflow(by: rate)
                    .partialValue / 1_000_000)
    }
}
