import MediaCore
import RTP
import Testing

@Suite("RepeatCopies")
struct RepeatCopiesTests {
    private static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    @Test(
        "a copy follows after half a round trip, but neither in the same burst of losses nor much later",
        arguments: [(0, 20), (20, 20), (60, 30), (80, 40), (500, 40)] as [(Int64, Int64)])
    func distance(roundTrip: Int64, expected: Int64) {
        var copies = RepeatCopies()
        copies.append(stream: 3, sequence: 65_535, roundTrip: .milliseconds(roundTrip), at: Self.time(100))
        #expect(copies.nextDeadline == Self.time(100 + expected))
        #expect(copies.next(at: Self.time(99 + expected)) == nil)
        let copy = copies.next(at: Self.time(100 + expected))
        #expect(copy?.stream == 3)
        #expect(copy?.sequence == 65_535)
        #expect(copies.next(at: Self.time(1_000)) == nil)
        #expect(copies.nextDeadline == nil)
    }

    @Test("copies leave in the order of their repeats, and there is a limit to what waits")
    func order() {
        var copies = RepeatCopies()
        copies.append(stream: 0, sequence: 1, roundTrip: .milliseconds(80), at: Self.time(0))
        copies.append(stream: 0, sequence: 2, roundTrip: .milliseconds(20), at: Self.time(1))
        for number in 3..<1_000 as Range<UInt16> {
            copies.append(stream: 0, sequence: number, roundTrip: .zero, at: Self.time(2))
        }
        var numbers: [UInt16] = []
        while let copy = copies.next(at: Self.time(100)) { numbers.append(copy.sequence) }
        #expect(numbers == Array(1...128))
    }
}
