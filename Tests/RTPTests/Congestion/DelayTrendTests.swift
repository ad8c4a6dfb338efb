import MediaCore
import Testing

@testable import RTP

@Suite("Arrival groups and delay trend")
struct DelayTrendTests {
    private static func time(_ milliseconds: Double) -> MonotonicTime {
        MonotonicTime(nanoseconds: Int64(milliseconds * 1_000_000))
    }

    /// What the trend says when a group is sent every 10 ms and each takes `growth` ms longer.
    private static func signal(
        growth: Double, groups: Int = 60, noise: Double = 0, seed: UInt64 = 1
    ) -> Set<DelayTrend.Signal> {
        var generator = SeededGenerator(seed: seed)
        var trend = DelayTrend()
        var seen: Set<DelayTrend.Signal> = []
        var last = 0.0
        for index in 1...groups {
            let delay = growth * Double(index) + noise * Double.random(in: 0...1, using: &generator)
            let arrival = Double(index) * 10 + delay
            trend.receive(
                .init(
                    sent: .milliseconds(10), received: time(arrival) - time(last), arrival: time(arrival)),
                at: time(arrival))
            last = arrival
            seen.insert(trend.signal)
        }
        return seen
    }

    @Test("packets of one burst are one group, and groups are compared at their ends")
    func groups() {
        var groups = ArrivalGroups()
        var outcomes: [ArrivalGroups.Outcome] = []
        for (sent, arrival) in [(0.0, 50.0), (3, 54), (20, 70), (24, 80), (40, 99), (60, 120)] {
            outcomes.append(
                groups.receive(
                    PacketArrival(sent: Self.time(sent), arrival: Self.time(arrival), byteCount: 100)))
        }
        #expect(
            outcomes == [
                .gathering, .gathering, .gathering, .gathering,
                .complete(
                    .init(sent: .milliseconds(21), received: .milliseconds(26), arrival: Self.time(80))),
                .complete(
                    .init(sent: .milliseconds(16), received: .milliseconds(19), arrival: Self.time(99))),
            ])
    }

    @Test("after a long pause comparing begins anew")
    func pause() {
        var groups = ArrivalGroups()
        for sent in [0.0, 10, 20] {
            _ = groups.receive(
                PacketArrival(sent: Self.time(sent), arrival: Self.time(sent), byteCount: 1))
        }
        let late = PacketArrival(sent: Self.time(9_000), arrival: Self.time(9_500), byteCount: 1)
        #expect(groups.receive(late) == .restarted)
    }

    @Test("a queue that grows is overuse, one that shrinks is underuse, a steady one neither")
    func signals() {
        #expect(Self.signal(growth: 2).contains(.overuse))
        #expect(Self.signal(growth: -2).contains(.underuse))
        #expect(!Self.signal(growth: -2).contains(.overuse))
        #expect(Self.signal(growth: 0) == [.normal])
    }

    @Test("a little unrest is no overuse", arguments: 1...5 as ClosedRange<UInt64>)
    func unrest(seed: UInt64) {
        #expect(!Self.signal(growth: 0, groups: 500, noise: 2, seed: seed).contains(.overuse))
    }
}
