package import MediaCore

/// What a packet is to its stream.
package struct AcceptedPacket: Sendable, Hashable {
    /// Extended sequence number.
    package var sequence: Int64
    /// Whether it came because it had been asked for.
    package var isRepeat: Bool
}

/// The bookkeeping of one received stream of packets: order, duplicates, losses and reports.
///
/// It sees every packet of one SSRC, whatever becomes of the payload, so that the same code serves
/// a client, which puts frames together, and a server, which passes packets on.
package struct ReceiveStream: Sendable {
    /// Numbers of packets of which it knows whether they came; a power of two.
    private static let window = 1_024

    /// The source of the stream.
    package let ssrc: SSRC
    private var unwrapper = SequenceUnwrapper()
    /// Extended numbers that came, by number modulo the window.
    private var seen = [Int64](repeating: -1, count: Self.window)
    private var highest: Int64?
    private var reception: ReceptionStatistics
    private var nack: NackTracker?
    /// Packets that came twice.
    package private(set) var duplicateCount = 0
    /// When the last packet came.
    package private(set) var lastArrival: MonotonicTime?

    /// Makes the bookkeeping for `ssrc`; with `requestsLost`, missing packets are asked for unless more than
    /// `longestGap` of them follow each other.
    package init(
        ssrc: SSRC, clockRate: Int, requestsLost: Bool, longestGap: Int = NackTracker.maximumOutstanding
    ) {
        self.ssrc = ssrc
        reception = ReceptionStatistics(clockRate: clockRate)
        nack = requestsLost ? NackTracker(longestGap: longestGap) : nil
    }

    /// Takes a packet as it came from the network; `nil` for a duplicate or an ancient one.
    package mutating func receive(
        _ number: UInt16, timestamp: UInt32, payloadBytes: Int, at now: MonotonicTime
    ) -> AcceptedPacket? {
        guard let packet = accept(number, isKnownRepeat: false, at: now) else { return nil }
        // Without a stream of their own, repeats look like packets that come for the first time.
        if !packet.isRepeat {
            reception.receive(
                sequence: packet.sequence, timestamp: timestamp, payloadBytes: payloadBytes, at: now)
        }
        return packet
    }

    /// Takes a packet that was unwrapped from a retransmission: it does not count as received the
    /// first time.
    package mutating func receive(retransmissionOf number: UInt16, at now: MonotonicTime) -> AcceptedPacket? {
        // Before the stream itself has begun, a retransmission says nothing about where it begins.
        guard highest != nil else { return nil }
        return accept(number, isKnownRepeat: true, at: now)
    }

    /// Remembers a sender report of this source.
    package mutating func receive(_ report: SenderReport, at now: MonotonicTime) {
        reception.receive(report, at: now)
    }

    /// Packets before this extended number are not wanted any more.
    package mutating func forget(before sequence: Int64) {
        nack?.forget(before: sequence)
    }

    /// Says how long an answer to a request takes.
    package mutating func update(roundTrip: Duration) {
        nack?.update(roundTrip: roundTrip)
    }

    /// Appends the numbers of packets that are to be asked for now.
    package mutating func advance(to now: MonotonicTime, requests: inout [UInt16]) {
        nack?.advance(to: now, requests: &requests)
    }

    /// When the next request is due.
    package var nextDeadline: MonotonicTime? { nack?.nextDeadline }

    /// The report block about the time since the last one.
    package mutating func makeReport(at now: MonotonicTime) -> ReportBlock? {
        reception.makeReport(on: ssrc, at: now)
    }

    /// What was counted.
    package var statistics: ReceiveStreamStatistics {
        ReceiveStreamStatistics(
            packets: reception.receivedCount, bytes: reception.byteCount, lost: reception.lostCount,
            duplicates: duplicateCount, jitter: reception.jitter, requested: nack?.requestCount ?? 0,
            recovered: nack?.recoveredCount ?? 0, abandoned: nack?.abandonedCount ?? 0)
    }

    private mutating func accept(_ number: UInt16, isKnownRepeat: Bool, at now: MonotonicTime)
        -> AcceptedPacket?
    {
        let sequence = unwrapper.unwrap(number)
        let slot = Int(truncatingIfNeeded: sequence & Int64(Self.window - 1))
        guard sequence > (highest ?? sequence) - Int64(Self.window), seen[slot] != sequence else {
            duplicateCount += 1
            return nil
        }
        seen[slot] = sequence
        highest = max(highest ?? sequence, sequence)
        lastArrival = now
        let isRepeat = nack?.receive(sequence, isKnownRepeat: isKnownRepeat, at: now) ?? false
        return AcceptedPacket(sequence: sequence, isRepeat: isRepeat || isKnownRepeat)
    }
}

/// What was counted about one received stream.
package struct ReceiveStreamStatistics: Sendable, Hashable {
    /// Packets that came, without duplicates and retransmissions.
    package var packets: Int64
    /// Bytes of payload in them.
    package var bytes: Int64
    /// Packets that did not come the first time.
    package var lost: Int64
    /// Packets that came again.
    package var duplicates: Int
    /// How unevenly they came.
    package var jitter: Duration
    /// Packets asked for, counting repetitions.
    package var requested: Int
    /// Packets that came after they had been asked for.
    package var recovered: Int
    /// Packets given up.
    package var abandoned: Int
}
