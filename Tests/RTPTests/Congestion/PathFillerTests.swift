import MediaCore
import Testing

@testable import RTP

@Suite("Padding for receivers that estimate themselves")
struct PathFillerTests {
    private static func time(_ milliseconds: Int) -> MonotonicTime {
        MonotonicTime(nanoseconds: Int64(milliseconds) * 1_000_000)
    }

    /// Sends what is asked for beside `media` from `begin` to `end`; answers what all of it takes.
    private static func run(
        _ filler: inout PathFiller, media: Bitrate, from begin: Int, to end: Int
    ) -> Bitrate {
        var bytes = 0
        for step in stride(from: begin, to: end, by: 10) {
            let share = media.bytes(in: .milliseconds(10))
            filler.sent(share)
            bytes += share
            while let padding = filler.nextPadding(at: time(step)) {
                filler.sent(padding)
                bytes += padding
            }
        }
        return Bitrate(bitsPerSecond: bytes * 8_000 / (end - begin))
    }

    private static func filler(estimate: Int, wanted: Int = 2_000) -> PathFiller {
        var filler = PathFiller()
        filler.update(wanted: .kilobits(wanted))
        filler.receive(.kilobits(estimate), at: time(0))
        return filler
    }

    @Test("half more than the estimate is sent three seconds after it, no more than is wanted")
    func fills() {
        var filler = Self.filler(estimate: 400)
        #expect(Self.run(&filler, media: .kilobits(250), from: 0, to: 3_000).kilobitsPerSecond <= 250)
        let rate = Self.run(&filler, media: .kilobits(250), from: 3_000, to: 5_000)
        #expect((550...610).contains(rate.kilobitsPerSecond))
        filler.receive(.kilobits(1_800), at: Self.time(5_000))
        let most = Self.run(&filler, media: .kilobits(250), from: 5_000, to: 7_000)
        #expect((1_850...2_010).contains(most.kilobitsPerSecond))
    }

    @Test("an estimate that rises lets it go on; one that falls ends it, and the next try waits longer")
    func backsOff() throws {
        var filler = Self.filler(estimate: 400)
        let due = try #require(filler.nextDeadline)
        #expect(due == Self.time(3_000))
        _ = filler.nextPadding(at: due)
        filler.receive(.kilobits(500), at: due + .milliseconds(100))
        let rising = filler.nextPadding(at: due + .milliseconds(150))
        #expect(rising != nil)
        filler.receive(.kilobits(400), at: due + .milliseconds(200))
        let falling = filler.nextPadding(at: due + .milliseconds(300))
        #expect(falling == nil)
        #expect(filler.nextDeadline == due + .milliseconds(6_200))
    }

    @Test("a try that moves nothing ends")
    func endsInVain() throws {
        var filler = Self.filler(estimate: 400)
        _ = Self.run(&filler, media: .kilobits(250), from: 3_000, to: 5_600)
        #expect(try #require(filler.nextDeadline) > Self.time(11_000))
    }

    @Test("nothing is filled when enough is believed, nothing is wanted, or nothing was told")
    func idle() {
        #expect(Self.filler(estimate: 1_950).nextDeadline == nil)
        #expect(PathFiller().nextDeadline == nil)
        var silent = PathFiller()
        silent.update(wanted: .kilobits(2_000))
        #expect(silent.nextDeadline == nil)
        let padding = silent.nextPadding(at: Self.time(10_000))
        #expect(padding == nil)
    }
}
