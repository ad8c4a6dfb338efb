import Testing

@testable import RoomKit

@Suite("When to try again")
struct ReconnectPolicyTests {
    @Test("the first attempt is at once, the delays grow, and after ten it is over")
    func delaysGrow() throws {
        var generator = SystemRandomNumberGenerator()
        #expect(ReconnectPolicy.delay(before: 0, using: &generator) == .zero)
        #expect(ReconnectPolicy.delay(before: 1, using: &generator) == .seconds(0.3))
        for attempt in 2..<10 {
            let delay = try #require(ReconnectPolicy.delay(before: attempt, using: &generator))
            #expect(delay >= .seconds(1.2) && delay <= .seconds(8))
        }
        #expect(ReconnectPolicy.delay(before: 10, using: &generator) == nil)
    }
}
