import MediaCore
import Testing

@testable import RTP

@Suite("How much is repeated")
struct RepeatRateTests {
    private static func time(_ milliseconds: Int) -> MonotonicTime {
        MonotonicTime(nanoseconds: Int64(milliseconds) * 1_000_000)
    }

    @Test("a burst of repeats is much at the moment and little on average")
    func burst() {
        var rate = RepeatRate()
        for step in 0..<60 { rate.receive(bytes: 10, at: Self.time(step * 10)) }
        for step in 0..<25 { rate.receive(bytes: 1_200, at: Self.time(600 + step * 4)) }
        #expect(rate.current(at: Self.time(700)) > .kilobits(400))
        #expect(rate.usual(at: Self.time(700)) < .kilobits(100))
    }

    @Test("what goes on is the average too")
    func steady() {
        var rate = RepeatRate()
        for step in 0..<1_000 { rate.receive(bytes: 125, at: Self.time(step * 10)) }
        #expect((90...110).contains(rate.usual(at: Self.time(10_000)).kilobitsPerSecond))
    }

    @Test("it is forgotten when nothing is repeated any more")
    func silence() {
        var rate = RepeatRate()
        #expect(rate.usual(at: Self.time(0)) == .zero)
        for step in 0..<1_000 { rate.receive(bytes: 125, at: Self.time(step * 10)) }
        #expect(rate.usual(at: Self.time(13_000)) == .zero)
    }
}
