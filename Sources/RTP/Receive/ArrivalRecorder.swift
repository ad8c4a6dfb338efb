package import MediaCore

/// Records when packets arrived and reports it to the sender, who estimates the path from it
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3).
package struct ArrivalRecorder: Sendable {
    /// How often a report goes out while packets arrive.
    package static let interval: Duration = .milliseconds(100)
    /// Unreported packets that make a report go out early.
    private static let earlyCount: Int64 = 100
    /// Packets in one report, at most, so that it fits a datagram.
    private static let reportLimit: Int64 = 400
    /// How far back a straggler is still reported.
    private static let capacity = 2_048

    private struct Arrival: Sendable {
        var sequence: Int64 = -1
        /// In units of 250 µs.
        var ticks: Int64 = 0
    }

    private var unwrapper = SequenceUnwrapper()
    /// Arrivals by sequence number modulo the capacity.
    private var arrivals = [Arrival](repeating: Arrival(), count: Self.capacity)
    /// First number of the next report.
    private var nextReported: Int64?
    private var highest: Int64 = 0
    private var unreportedCount: Int64 = 0
    private var feedbackCount: UInt8 = 0
    private var due: MonotonicTime?
    /// The stream named in reports: any of those received.
    private var media = SSRC(0)

    /// Makes a recorder that has seen nothing.
    package init() {}

    /// Records the arrival of the packet with a transport-wide number.
    package mutating func receive(_ number: UInt16, of media: SSRC, at now: MonotonicTime) {
        let sequence = unwrapper.unwrap(number)
        self.media = media
        let slot = Self.slot(of: sequence)
        guard sequence > highest - Int64(Self.capacity), arrivals[slot].sequence != sequence else { return }
        arrivals[slot] = Arrival(sequence: sequence, ticks: now.nanoseconds / 250_000)
        highest = max(highest, sequence)
        unreportedCount += 1
        // A straggler from before the last report takes the next report back to it.
        nextReported = max(min(nextReported ?? sequence, sequence), highest - Int64(Self.capacity) + 1)
        if due == nil { due = now + Self.interval }
        if unreportedCount >= Self.earlyCount { due = now }
    }

    /// When the next report is due.
    package var nextDeadline: MonotonicTime? { due }

    /// The next report that is due, from `sender`; call again until there is none.
    package mutating func nextFeedback(from sender: SSRC, at now: MonotonicTime) -> TransportFeedback? {
        guard let due, due <= now, let begin = nextReported, let first = firstArrival(from: begin) else {
            return nil
        }
        let reference = arrivals[Self.slot(of: first)].ticks / 256
        var feedback = TransportFeedback(
            sender: sender, media: media, feedbackCount: feedbackCount,
            baseSequence: UInt16(truncatingIfNeeded: begin),
            // 24 bits, which wrap.
            referenceTime: Int32(truncatingIfNeeded: (reference << 40) >> 40), packets: [])
        feedbackCount &+= 1
        var last = reference * 256
        var sequence = begin
        var lastReceived = first
        while sequence <= highest, sequence - first < Self.reportLimit {
            let arrival = arrivals[Self.slot(of: sequence)]
            if arrival.sequence == sequence {
                let delta = arrival.ticks - last
                // What does not fit sixteen bits begins a report of its own.
                guard delta == Int64(Int16(truncatingIfNeeded: delta)) else { break }
                feedback.packets.append(.received(delta250us: Int(delta)))
                last = arrival.ticks
                lastReceived = sequence
            } else {
                feedback.packets.append(.notReceived)
            }
            sequence += 1
        }
        feedback.packets.removeLast(Int(sequence - 1 - lastReceived))
        finishReport(through: lastReceived)
        return feedback
    }

    private mutating func finishReport(through last: Int64) {
        nextReported = last + 1
        guard last >= highest else { return }
        unreportedCount = 0
        due = nil
    }

    /// The first packet that came, from `begin` on; its arrival is the reference time of a report.
    private func firstArrival(from begin: Int64) -> Int64? {
        var sequence = begin
        while sequence <= highest {
            if arrivals[Self.slot(of: sequence)].sequence == sequence { return sequence }
            sequence += 1
        }
        return nil
    }

    private static func slot(of sequence: Int64) -> Int {
        Int(truncatingIfNeeded: sequence & Int64(capacity - 1))
    }
}
