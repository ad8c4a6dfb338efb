import MediaCore
import RTP
import Testing

@Suite("ReceptionStatistics")
struct ReceptionStatisticsTests {
    private static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    @Test("the fraction is that of the time since the last report, the sum that of all time (RFC 3550 §A.3)")
    func fractionLost() throws {
        var statistics = ReceptionStatistics(clockRate: 8_000)
        for sequence in 0..<100 where sequence % 4 != 3 {
            statistics.receive(
                sequence: 65_536 + Int64(sequence), timestamp: UInt32(sequence) * 160, payloadBytes: 10,
                at: Self.time(Int64(sequence) * 20))
        }
        statistics.receive(sequence: 65_636, timestamp: 16_000, payloadBytes: 10, at: Self.time(2_000))
        let firstBlock = statistics.makeReport(on: SSRC(9), at: Self.time(2_000))
        let first = try #require(firstBlock)
        #expect(first.cumulativeLost == 25)
        #expect(first.fractionLost == UInt8(25 * 256 / 101))
        #expect(first.highestSequence == 100)
        #expect(first.ssrc == SSRC(9))

        for sequence in 101..<200 {
            statistics.receive(
                sequence: 65_536 + Int64(sequence), timestamp: UInt32(sequence) * 160, payloadBytes: 10,
                at: Self.time(Int64(sequence) * 20))
        }
        let secondBlock = statistics.makeReport(on: SSRC(9), at: Self.time(4_000))
        let second = try #require(secondBlock)
        #expect(second.fractionLost == 0)
        #expect(second.cumulativeLost == 25)
    }

    @Test("even arrival has no jitter; every other packet 10 ms late approaches 10 ms (RFC 3550 §A.8)")
    func jitter() {
        var even = ReceptionStatistics(clockRate: 48_000)
        var uneven = ReceptionStatistics(clockRate: 48_000)
        for index in 0..<500 as Range<Int64> {
            let timestamp = UInt32.max &- 960 &+ UInt32(index) &* 960
            even.receive(sequence: index, timestamp: timestamp, payloadBytes: 1, at: Self.time(index * 20))
            let late = index % 2 * 10
            uneven.receive(
                sequence: index, timestamp: timestamp, payloadBytes: 1, at: Self.time(index * 20 + late))
        }
        #expect(even.jitter < .microseconds(200))
        #expect(abs(uneven.jitter.inMilliseconds - 10) < 0.5)
    }

    @Test("the delay since the last sender report is in 1/65536 s, and its time is repeated")
    func delaySinceLastReport() throws {
        var statistics = ReceptionStatistics(clockRate: 90_000)
        statistics.receive(sequence: 1, timestamp: 0, payloadBytes: 1, at: Self.time(0))
        let early = statistics.makeReport(on: SSRC(1), at: Self.time(1))
        #expect(early?.lastSenderReport == 0)
        let ntp = NTPTime(value: 0x1122_3344_5566_7788)
        let report = SenderReport(
            ssrc: SSRC(1), ntp: ntp, timestamp: 0, packetCount: 1, octetCount: 1, blocks: [])
        statistics.receive(report, at: Self.time(1_000))
        let late = statistics.makeReport(on: SSRC(1), at: Self.time(1_500))
        let block = try #require(late)
        #expect(block.lastSenderReport == 0x3344_5566)
        #expect(block.delaySinceLastSenderReport == 32_768)
    }

    @Test("before the first packet there is nothing to report")
    func empty() {
        var statistics = ReceptionStatistics(clockRate: 90_000)
        let nothing = statistics.makeReport(on: SSRC(1), at: .zero)
        #expect(nothing == nil)
        #expect(statistics.lostCount == 0)
    }
}
