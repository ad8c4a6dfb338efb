import MediaCore
import RTP
import Testing

@Suite("FreezeMeter")
struct FreezeMeterTests {
    private static func meter(gaps milliseconds: [Int64]) -> FreezeMeter {
        var meter = FreezeMeter()
        var now = MonotonicTime(nanoseconds: 5_000_000_000)
        meter.show(at: now)
        for gap in milliseconds {
            now += .milliseconds(gap)
            meter.show(at: now)
        }
        return meter
    }

    private static let steady = [Int64](repeating: 33, count: 40)

    @Test("an even picture never freezes", arguments: [10, 33, 100, 1_000] as [Int64])
    func even(gap: Int64) {
        #expect(Self.meter(gaps: [Int64](repeating: gap, count: 100)).count == 0)
    }

    @Test(
        "a gap counts from three averages and from 150 ms more than one on",
        arguments: [(182, 0), (184, 1), (400, 1), (5_000, 1), (5_001, 0)] as [(Int64, Int)])
    func threshold(gap: Int64, count: Int) {
        let meter = Self.meter(gaps: Self.steady + [gap] + Self.steady)
        #expect(meter.count == count)
        #expect(meter.total == (count == 0 ? .zero : .milliseconds(gap)))
        #expect(meter.longest == meter.total)
    }

    @Test("at few pictures per second three averages decide")
    func slow() {
        #expect(Self.meter(gaps: [Int64](repeating: 200, count: 40) + [590]).count == 0)
        #expect(Self.meter(gaps: [Int64](repeating: 200, count: 40) + [610]).count == 1)
    }

    @Test("only the last 30 gaps make the average")
    func window() {
        let gaps = [Int64](repeating: 500, count: 50) + [Int64](repeating: 33, count: 30) + [190]
        #expect(Self.meter(gaps: gaps).count == 1)
    }
}
