import MediaCore
import Testing

@testable import RTP

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
            while case .packet(let item) = pacer.next(at: now) { sent.append((item.sequence, now)) }
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
        #expect(late == .packet(.init(stream: 1, sequence: 1, byteCount: 1_000)))
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
        #expect(first == .packet(.init(stream: 1, sequence: 1, byteCount: 1_000)))
    }

    @Test("repeats go before pictures")
    func repeatsFirst() {
        var pacer = Pacer(target: .kilobits(100_000))
        _ = pacer.append(.init(stream: 1, sequence: 1, byteCount: 1_000))
        _ = pacer.append(.init(stream: 1, sequence: 2, byteCount: 1_000))
        let again = Pacer.Item(stream: 1, sequence: 0, byteCount: 1_000, isRepeat: true)
        _ = pacer.append(again)
        #expect(pacer.waitingTime == .microseconds(96))
        let first = pacer.next(at: Self.time(0))
        let second = pacer.next(at: Self.time(0))
        #expect(first == .packet(again))
        #expect(second == .packet(.init(stream: 1, sequence: 1, byteCount: 1_000)))
    }

    @Test("a probe sends at its own rate: what waits, then padding, until it is long enough")
    func probe() throws {
        var pacer = Pacer(target: .kilobits(300))
        _ = pacer.append(.init(stream: 1, sequence: 1, byteCount: 1_000))
        let plan = ProbePlan(id: try #require(ProbeID(1)), rate: .kilobits(2_000))
        pacer.begin(plan)
        var now = Self.time(0)
        var sent: [(size: Int, time: MonotonicTime)] = []
        while true {
            switch pacer.next(at: now) {
            case .packet(let item): sent.append((item.byteCount, now))
            case .padding(let byteCount):
                #expect(byteCount == 750)
                pacer.note(byteCount, at: now)
                sent.append((byteCount, now))
            case nil:
                guard pacer.probe != nil, let next = pacer.nextDeadline else {
                    #expect(sent.map(\.size) == [1_000, 750, 750, 750, 750])
                    #expect(sent.map(\.time.nanoseconds) == [0, 4, 7, 10, 13].map { $0 * 1_000_000 })
                    return
                }
                now = next
            }
        }
    }
}
