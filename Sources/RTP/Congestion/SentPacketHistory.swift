import MediaCore

/// Remembers when packets were sent, by their transport-wide number, until a feedback names them
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2).
struct SentPacketHistory: Sendable {
    /// Packets remembered, at most: seconds of video; older ones count as never sent.
    static let capacity = 2_048

    private struct Packet: Sendable {
        var sequence: Int64 = -1
        var sent = MonotonicTime.zero
        var byteCount: Int32 = 0
        var probe: ProbeID?
        var isReportedLost = false
    }

    /// What was sent before this moment and lost does not count.
    var lossesSince = MonotonicTime.zero
    private var unwrapper = SequenceUnwrapper()
    /// Packets by number modulo the capacity; empty until something is sent.
    private var packets: [Packet] = []
    private var highest: Int64 = -1
    /// Reference time of the last feedback in units of 64 ms, extended from 24 bits.
    private var reference: Int64?

    /// Remembers a packet.
    mutating func sent(_ number: UInt16, byteCount: Int, probe: ProbeID? = nil, at now: MonotonicTime) {
        if packets.isEmpty { packets = [Packet](repeating: Packet(), count: Self.capacity) }
        let sequence = unwrapper.unwrap(number)
        highest = max(highest, sequence)
        packets[Self.slot(of: sequence)] = Packet(
            sequence: sequence, sent: now, byteCount: Int32(clamping: byteCount), probe: probe)
    }

    /// Reads a feedback: appends the packets that came, in the order of their numbers, each once.
    mutating func receive(
        _ feedback: TransportFeedback, arrivals: inout [PacketArrival]
    ) -> ArrivalCounts {
        var counts = ArrivalCounts()
        guard !packets.isEmpty else { return counts }
        var ticks = extendedReference(feedback.referenceTime) &* 256
        // Whoever names packets that were never sent means some of a full turn ago; they are not found.
        let distance = Int16(bitPattern: feedback.baseSequence &- UInt16(truncatingIfNeeded: highest))
        var sequence = highest &+ Int64(distance)
        for status in feedback.packets {
            defer { sequence &+= 1 }
            let slot = Self.slot(of: sequence)
            let isKnown = packets[slot].sequence == sequence
            switch status {
            case .notReceived:
                guard isKnown, !packets[slot].isReportedLost else { continue }
                packets[slot].isReportedLost = true
                if packets[slot].sent >= lossesSince { counts.lost += 1 }
            case .received(let delta):
                ticks &+= Int64(delta)
                guard isKnown else { continue }
                let packet = packets[slot]
                packets[slot].sequence = -1
                if !packet.isReportedLost {
                    counts.received += 1
                } else if packet.sent >= lossesSince {
                    counts.late += 1
                }
                arrivals.append(
                    PacketArrival(
                        sent: packet.sent, arrival: MonotonicTime(nanoseconds: ticks &* 250_000),
                        byteCount: Int(packet.byteCount), probe: packet.probe))
            }
        }
        return counts
    }

    /// The value nearest to the one before: 24 bits of 64 ms wrap after twelve days.
    private mutating func extendedReference(_ time: Int32) -> Int64 {
        let value: Int64
        if let reference {
            let difference = Int32(truncatingIfNeeded: (Int64(time) &- reference) << 8)
            value = reference &+ Int64(difference >> 8)
        } else {
            value = Int64(time)
        }
        reference = value
        return value
    }

    private static func slot(of sequence: Int64) -> Int {
        Int(truncatingIfNeeded: sequence & Int64(capacity - 1))
    }
}
