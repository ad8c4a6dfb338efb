import MediaCore
import RTP
import Testing

@Suite("Pacer")
struct PacerTests {
    private static func time(_ microseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: microseconds * 1_000)
    }

    @Test("a large picture leaves at two and a half times the target rate, in order")
    func spreads() throws {
        var pacer = Pacer(target: .kilobits(2_000))
        for number in 0..<50 as Range<UInt16> {
            let isTaken = pacer.append(.init(stream: 1, sequence: number, byteCount: 1_250))
            #expect(isTaken)
        }
        var now = Self.time(1_000_000)
        var sent: [(UInt16, MonotonicTime)] = []
        while sent.count < 50 {
            while let item = pacer.next(at: now) { sent.append((item.sequence, now)) }
            guard let next = pacer.nextDeadline else { break }
            #expect(next > now)
            now = next
        }
        #expect(sent.map(\.0) == Array(0..<50))
        let span = try #require(sent.last).1 - Self.time(1_000_000)
        // 62,500 bytes at 5 Mbit/s take 100 ms, less one burst.
        #expect(span > .milliseconds(85))
        #expect(span < .milliseconds(101))
        #expect(pacer.nextDeadline == nil)
    }

    @Test("packets that do not wait delay those that do")
    func noteFills() {
        var pacer = Pacer(target: .kilobits(2_000))
        pacer.note(12_500, at: Self.time(0))
        _ = pacer.append(.init(stream: 1, sequence: 1, byteCount: 1_000))
        let early = pacer.next(at: Self.time(0))
        #expect(early == nil)
        let late = pacer.next(at: Self.time(21_000))
        #expect(late?.sequence == 1)
    }

    @Test("the queue is bounded, and a stream that ended leaves it")
    func bounded() {
        var pacer = Pacer(target: .kilobits(100))
        for number in 0..<500 as Range<UInt16> {
            _ = pacer.append(.init(stream: Int(number % 2), sequence: number, byteCount: 1_000))
        }
        #expect(pacer.count == Pacer.capacity)
        #expect(pacer.refusedCount == 100)
        pacer.removeAll { $0 == 0 }
        #expect(pacer.count == Pacer.capacity / 2)
        let first = pacer.next(at: Self.time(0))
        #expect(first?.sequence == 1)
    }
}
