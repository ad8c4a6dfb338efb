import MediaCore
import Testing

@testable import RTP

@Suite("Sent packet history")
struct SentPacketHistoryTests {
    private static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    private static func feedback(
        from base: UInt16, reference: Int32 = 0, _ packets: [TransportFeedback.Status]
    ) -> TransportFeedback {
        TransportFeedback(
            sender: SSRC(1), media: SSRC(2), feedbackCount: 0, baseSequence: base, referenceTime: reference,
            packets: packets)
    }

    @Test(
        "arrivals find the packets they belong to, also where numbers wrap",
        arguments: [0, 1, 32_766, 32_767, 65_533, 65_534, 65_535] as [UInt16])
    func arrivals(first: UInt16) {
        var history = SentPacketHistory()
        for index in 0..<4 {
            history.sent(first &+ UInt16(index), byteCount: 100 + index, at: Self.time(Int64(index) * 10))
        }
        var arrivals: [PacketArrival] = []
        let counts = history.receive(
            Self.feedback(
                from: first, reference: 2,
                [
                    .received(delta250us: 4), .notReceived, .received(delta250us: 40),
                    .received(delta250us: -8),
                ]),
            arrivals: &arrivals)
        #expect(counts == ArrivalCounts(received: 3, lost: 1, late: 0))
        #expect(arrivals.map(\.byteCount) == [100, 102, 103])
        #expect(arrivals.map(\.sent) == [Self.time(0), Self.time(20), Self.time(30)])
        #expect(arrivals.map(\.arrival) == [Self.time(129), Self.time(139), Self.time(137)])
    }

    @Test("a packet counts once, and one that came late is no longer lost")
    func repeatedFeedback() {
        var history = SentPacketHistory()
        for number in 0..<3 as Range<UInt16> { history.sent(number, byteCount: 100, at: .zero) }
        var arrivals: [PacketArrival] = []
        let first = Self.feedback(
            from: 0, [.received(delta250us: 0), .notReceived, .received(delta250us: 0)])
        _ = history.receive(first, arrivals: &arrivals)
        #expect(history.receive(first, arrivals: &arrivals) == ArrivalCounts())
        let second = Self.feedback(from: 1, [.received(delta250us: 9)])
        #expect(history.receive(second, arrivals: &arrivals) == ArrivalCounts(received: 0, lost: 0, late: 1))
        #expect(arrivals.count == 3)
    }

    @Test("the reference time goes on where its 24 bits wrap")
    func referenceWraps() {
        var history = SentPacketHistory()
        for number in 0..<2 as Range<UInt16> { history.sent(number, byteCount: 100, at: .zero) }
        var arrivals: [PacketArrival] = []
        _ = history.receive(
            Self.feedback(from: 0, reference: 0x7F_FFFF, [.received(delta250us: 0)]), arrivals: &arrivals)
        _ = history.receive(
            Self.feedback(from: 1, reference: -0x80_0000, [.received(delta250us: 0)]), arrivals: &arrivals)
        #expect(arrivals[1].arrival - arrivals[0].arrival == .milliseconds(64))
    }

    @Test("packets that were never sent, or too long ago, are not found")
    func unknownPackets() {
        var history = SentPacketHistory()
        var arrivals: [PacketArrival] = []
        let one = [TransportFeedback.Status.received(delta250us: 0)]
        #expect(history.receive(Self.feedback(from: 9, one), arrivals: &arrivals) == ArrivalCounts())
        for number in 0...UInt16(SentPacketHistory.capacity) {
            history.sent(number, byteCount: 100, at: .zero)
        }
        #expect(history.receive(Self.feedback(from: 0, one), arrivals: &arrivals) == ArrivalCounts())
        #expect(history.receive(Self.feedback(from: 9_999, one), arrivals: &arrivals) == ArrivalCounts())
        #expect(history.receive(Self.feedback(from: 1, one), arrivals: &arrivals).received == 1)
    }
}
