import MediaCore
import Testing

@testable import RoomKit

@Suite("Shares of what the path carries")
struct SendSharesTests {
    private static func kilobits(_ shares: SendShares, of estimate: Int) -> [Int] {
        shares.bitrates(of: .kilobits(estimate)).map(\.kilobitsPerSecond)
    }

    @Test("sound comes first, pictures share the rest in proportion to what they would like")
    func shares() {
        let shares = SendShares(audioTrackCount: 2, maximums: [.kilobits(2_000), .kilobits(1_000)])
        #expect(Self.kilobits(shares, of: 696) == [400, 200])
    }

    @Test("nobody gets more than he would like, nor less than makes a picture")
    func limits() {
        let shares = SendShares(audioTrackCount: 1, maximums: [.kilobits(2_000), .kilobits(20)])
        #expect(Self.kilobits(shares, of: 9_000) == [2_000, 20])
        #expect(Self.kilobits(shares, of: 0) == [30, 20])
        #expect(SendShares(audioTrackCount: 1).bitrates(of: .kilobits(500)).isEmpty)
    }

    @Test("more than is published is not estimated")
    func ceiling() {
        let shares = SendShares(audioTrackCount: 1, maximums: [.kilobits(1_700)])
        #expect(shares.ceiling > .kilobits(1_748))
        #expect(shares.ceiling < .kilobits(4_000))
    }
}
