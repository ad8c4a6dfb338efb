import MediaCore
import RTP
import Testing

@Suite("NackTracker")
struct NackTrackerTests {
    static let starts: [Int64] = [0, 1, 127, 128, 32_767, 32_768, 65_534, 65_535].map { $0 + 65_536 }

    private static func requests(_ tracker: inout NackTracker, at milliseconds: Int64) -> [UInt16] {
        var requests: [UInt16] = []
        tracker.advance(to: MonotonicTime(nanoseconds: milliseconds * 1_000_000), requests: &requests)
        return requests
    }

    private static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    @Test(
        "a gap is requested at once, again after a third of the round trip, and so in each round trip",
        arguments: starts)
    func requestsTwicePerRoundTrip(start: Int64) {
        var tracker = NackTracker(roundTrip: .milliseconds(100))
        tracker.receive(start, at: Self.time(0))
        tracker.receive(start + 3, at: Self.time(1))
        let lost = [UInt16(truncatingIfNeeded: start + 1), UInt16(truncatingIfNeeded: start + 2)]
        #expect(tracker.nextDeadline == Self.time(1))
        #expect(Self.requests(&tracker, at: 1) == lost)
        #expect(Self.requests(&tracker, at: 2).isEmpty)
        #expect(Self.requests(&tracker, at: 35).isEmpty)
        #expect(Self.requests(&tracker, at: 36) == lost)
        #expect(Self.requests(&tracker, at: 105).isEmpty)
        #expect(Self.requests(&tracker, at: 106) == lost)
        #expect(tracker.requestCount == 6)
    }

    @Test("repetitions that are due soon go along with the one that is due")
    func company() {
        var tracker = NackTracker(roundTrip: .milliseconds(100))
        tracker.receive(10, at: Self.time(0))
        tracker.receive(12, at: Self.time(0))
        #expect(Self.requests(&tracker, at: 0) == [11])
        tracker.receive(14, at: Self.time(4))
        #expect(Self.requests(&tracker, at: 4) == [13])
        #expect(Self.requests(&tracker, at: 35) == [11, 13])
    }

    @Test("what came after all is not requested", arguments: starts)
    func forgetsWhatCame(start: Int64) {
        var tracker = NackTracker()
        tracker.receive(start, at: Self.time(0))
        tracker.receive(start + 2, at: Self.time(1))
        let isRepeat = tracker.receive(start + 1, at: Self.time(3))
        #expect(!isRepeat)
        #expect(Self.requests(&tracker, at: 1_000).isEmpty)
        #expect(tracker.nextDeadline == nil)
    }

    @Test("an answer to a request is known as such; a packet that was only late teaches patience")
    func tellsRepeatsFromLatePackets() {
        var tracker = NackTracker(roundTrip: .milliseconds(40))
        tracker.receive(100, at: Self.time(0))
        tracker.receive(102, at: Self.time(0))
        #expect(Self.requests(&tracker, at: 0) == [101])
        let isAnswer = tracker.receive(101, at: Self.time(48))
        #expect(isAnswer)
        #expect(tracker.recoveredCount == 1)

        tracker.receive(104, at: Self.time(60))
        #expect(Self.requests(&tracker, at: 60) == [103])
        let isLateAnswer = tracker.receive(103, at: Self.time(79))
        #expect(!isLateAnswer)
        tracker.receive(106, at: Self.time(100))
        #expect(Self.requests(&tracker, at: 120).isEmpty)
        #expect(Self.requests(&tracker, at: 121) == [105])
    }

    @Test("a packet that never comes, as padding does not, is given up after a few requests")
    func givesUp() {
        var tracker = NackTracker(roundTrip: .milliseconds(20))
        tracker.receive(1, at: Self.time(0))
        tracker.receive(3, at: Self.time(0))
        var count = 0
        for milliseconds in 0..<10_000 { count += Self.requests(&tracker, at: Int64(milliseconds)).count }
        #expect(count == NackTracker.maximumRequests)
        #expect(tracker.outstandingCount == 0)
        #expect(tracker.abandonedCount == 1)
        #expect(tracker.nextDeadline == nil)
    }

    @Test("the number of packets asked for is bounded, and a large gap is not asked for at all")
    func isBounded() {
        var tracker = NackTracker()
        var sequence: Int64 = 0
        tracker.receive(sequence, at: Self.time(0))
        for _ in 0..<1_000 {
            sequence += 3
            tracker.receive(sequence, at: Self.time(0))
            #expect(tracker.outstandingCount <= NackTracker.maximumOutstanding)
        }
        tracker.receive(sequence + 5_000, at: Self.time(1))
        #expect(tracker.outstandingCount == 0)
    }

    @Test("of sound no gap is asked for that is longer than what is still played")
    func longestGap() {
        var tracker = NackTracker(longestGap: 25)
        tracker.receive(100, at: Self.time(0))
        tracker.receive(126, at: Self.time(520))
        #expect(tracker.outstandingCount == 25)
        tracker.receive(277, at: Self.time(3_520))
        #expect(tracker.outstandingCount == 0)
    }

    @Test("what nobody waits for is forgotten")
    func forgets() {
        var tracker = NackTracker()
        tracker.receive(10, at: Self.time(0))
        tracker.receive(15, at: Self.time(0))
        tracker.forget(before: 13)
        #expect(Self.requests(&tracker, at: 100) == [13, 14])
    }

    @Test("random arrivals never trap, and what is outstanding was never received", arguments: 0..<20)
    func randomArrivals(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var tracker = NackTracker()
        var received: Set<UInt16> = []
        var now: Int64 = 0
        for _ in 0..<2_000 {
            now += Int64.random(in: 0...20, using: &generator)
            let sequence = 65_536 + now / 5 + Int64.random(in: -40...40, using: &generator)
            received.insert(UInt16(truncatingIfNeeded: sequence))
            tracker.receive(sequence, at: Self.time(now))
            #expect(Self.requests(&tracker, at: now).allSatisfy { !received.contains($0) })
        }
    }
}
