import MediaCore
import Testing

@testable import RoomKit

@Suite("Shares of what the path carries")
struct SendSharesTests {
    private static func kilobits(_ shares: SendShares, of estimate: Int) -> [Int] {
        shares.bitrates(of: .kilobits(estimate)).map(\.kilobitsPerSecond)
    }

    private static func shares(sound: Int, _ maximums: [Int]) -> SendShares {
        var shares = SendShares(maximums: maximums.map { .kilobits($0) })
        for _ in 0..<sound { shares.addSound(.kilobits(32), isCopied: false) }
        return shares
    }

    @Test("sound comes first, pictures share the rest in proportion to what they would like")
    func shares() {
        // 120 kbit/s of sound, then headers.
        #expect(Self.kilobits(Self.shares(sound: 2, [2_000, 1_000]), of: 720) == [376, 188])
    }

    @Test("what has just begun takes only what the others leave, and never less than makes a picture")
    func newcomers() {
        var shares = Self.shares(sound: 0, [1_500, 2_500])
        #expect(Self.kilobits(shares, of: 2_000) == [705, 1_175])
        shares.newcomers = [1]
        #expect(Self.kilobits(shares, of: 2_000) == [1_500, 380])
        #expect(Self.kilobits(shares, of: 500) == [440, 30])
        #expect(Self.kilobits(shares, of: 10_000) == [1_500, 2_500])
        // Nobody was there before.
        shares.newcomers = [0, 1]
        #expect(Self.kilobits(shares, of: 2_000) == [705, 1_175])
    }

    @Test("copies of sound count")
    func copies() {
        var shares = SendShares(maximums: [.kilobits(2_000)])
        shares.addSound(.kilobits(48), isCopied: true)
        #expect(shares.sound == .kilobits(124))
    }

    @Test("on a path that is too narrow for them there are no copies, and pictures get their share")
    func noCopies() {
        var shares = SendShares(maximums: [.kilobits(2_000)])
        shares.addSound(.kilobits(48), isCopied: true)
        #expect(Self.kilobits(shares, of: 700) == [541])
        #expect(Self.kilobits(shares, of: 400) == [304])
    }

    @Test("nobody gets more than he would like, nor less than makes a picture")
    func limits() {
        let shares = Self.shares(sound: 1, [2_000, 20])
        #expect(Self.kilobits(shares, of: 9_000) == [2_000, 20])
        #expect(Self.kilobits(shares, of: 0) == [30, 20])
        #expect(Self.shares(sound: 1, []).bitrates(of: .kilobits(500)).isEmpty)
    }

    @Test("at the ceiling everybody gets all, with room for ten percent of repeats")
    func ceiling() {
        let shares = Self.shares(sound: 1, [1_700])
        #expect(Self.kilobits(shares, of: shares.ceiling.kilobitsPerSecond * 9 / 10) == [1_700])
        #expect(shares.ceiling < .kilobits(2_500))
    }

    @Test("what nobody watches takes nothing, also where not even the sound fits")
    func nothingWanted() {
        var shares = SendShares()
        shares.addSound(.kilobits(64), isCopied: true)
        shares.maximums = [.zero, .zero]
        #expect(shares.bitrates(of: .kilobits(30)) == [.zero, .zero])
    }
}
