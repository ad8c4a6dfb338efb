import Testing

@testable import RoomServer

@Suite("Numbering packets for a subscriber")
struct SequenceRewriterTests {
    static let starts: [Int64] = [0, 1, 127, 128, 32_767, 32_768, 65_534, 65_535]

    private func begun(at start: Int64) -> SequenceRewriter {
        var rewriter = SequenceRewriter()
        rewriter.begin(at: start)
        return rewriter
    }

    @Test("packets in order stay contiguous", arguments: starts)
    func keepsOrder(start: Int64) {
        var rewriter = begun(at: start)
        let numbers = (0..<4).map { rewriter.take(start + $0) }
        #expect(numbers == (0..<4).map { start + $0 })
    }

    @Test("a packet left out leaves no gap", arguments: starts)
    func closesGaps(start: Int64) {
        var rewriter = begun(at: start)
        let first = rewriter.take(start)
        rewriter.skip(start + 1)
        rewriter.skip(start + 2)
        #expect(rewriter.take(start + 3) == first.map { $0 &+ 1 })
    }

    @Test("a lost packet stays a gap, and fits in when it comes after all", arguments: starts)
    func keepsRoomForLatePackets(start: Int64) {
        var rewriter = begun(at: start)
        _ = rewriter.take(start)
        // start + 1 is lost for now, start + 2 is padding.
        rewriter.skip(start + 2)
        #expect(rewriter.take(start + 3) == start + 2)
        #expect(rewriter.take(start + 1) == start + 1)
    }

    @Test("another source continues where the last one ended", arguments: starts)
    func continuesWithAnotherSource(start: Int64) {
        var rewriter = begun(at: start)
        _ = rewriter.take(start)
        let last = rewriter.take(start + 1)
        rewriter.begin(at: 700_000)
        #expect(rewriter.take(699_999) == nil)
        #expect(rewriter.take(700_000) == last.map { $0 &+ 1 })
        #expect(rewriter.take(700_001) == last.map { $0 &+ 2 })
    }

    @Test("what was left out stays out when it comes twice", arguments: starts)
    func refusesWhatWasLeftOut(start: Int64) {
        var rewriter = begun(at: start)
        _ = rewriter.take(start)
        for number in start + 1...start + 3 { rewriter.skip(number) }
        #expect(rewriter.take(start + 4) == start + 1)
        for number in start + 1...start + 3 { #expect(rewriter.take(number) == nil) }
    }

    @Test("many runs of left-out numbers do not make late ones collide")
    func forgetsOldRuns() {
        var rewriter = begun(at: 0)
        var taken: Set<Int64> = []
        for number in Int64(0)..<1_000 {
            if number % 3 == 0 {
                if let output = rewriter.take(number) { taken.insert(output) }
            } else {
                rewriter.skip(number)
            }
        }
        #expect(taken == Set(0..<334))
        #expect(rewriter.take(3) == nil)
    }

    @Test("before the beginning nothing is numbered")
    func needsBeginning() {
        var rewriter = SequenceRewriter()
        #expect(rewriter.take(5) == nil)
    }
}
