import MediaCore
import Testing

@testable import RTP

@Suite("Repeat budget")
struct RepeatBudgetTests {
    @Test(
        "repeats take a quarter of a known path, half of it when they are somebody else's, and anything of one not known",
        arguments: [(false, 255...290), (true, 510...560)])
    func share(isForwarding: Bool, expected: ClosedRange<Int>) {
        var budget = RepeatBudget()
        var count = 0
        for step in 0..<10_000 {
            let now = MonotonicTime(nanoseconds: Int64(step) * 1_000_000)
            if budget.take(1_200, of: .kilobits(1_000), isForwarding: isForwarding, at: now) { count += 1 }
        }
        // 250 or 500 kbit/s for ten seconds, and what was saved up before.
        #expect(expected.contains(count))
        let end = MonotonicTime(nanoseconds: 10_000_000_000)
        #expect((0..<1_000).allSatisfy { _ in budget.take(1_200, of: nil, at: end) })
    }

    @Test("some packets can be repeated at once on the narrowest path")
    func narrow() {
        var budget = RepeatBudget()
        let allowed = (0..<100).filter { _ in budget.take(1_200, of: .kilobits(50), at: .zero) }
        #expect(allowed.count == 8)
    }
}
