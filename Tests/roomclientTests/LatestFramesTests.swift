import MediaCore
import Testing

@testable import roomclient

/// Which picture is shown when, in virtual time.
struct LatestFramesTests {
    private let limit: Duration = .seconds(3)

    private func at(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    @Test("a picture waits for its time")
    func waits() async {
        let frames = LatestFrames()
        let frame = grayFrame(presentAt: at(100))
        await frames.receive(frame, in: .own, at: at(0))
        #expect(await frames.snapshot(at: at(99), freshWithin: limit).isEmpty)
        #expect(await frames.snapshot(at: at(100), freshWithin: limit)[.own]?.frame === frame)
    }

    @Test("the newest picture whose time has come wins")
    func newestWins() async {
        let frames = LatestFrames()
        let all = [10, 20, 30, 40].map { grayFrame(presentAt: at($0)) }
        for frame in all { await frames.receive(frame, in: .remote("a"), at: at(0)) }
        let first = await frames.snapshot(at: at(25), freshWithin: limit)[.remote("a")]
        #expect(first?.frame === all[1])
        let second = await frames.snapshot(at: at(100), freshWithin: limit)[.remote("a")]
        #expect(second?.frame === all[3])
        #expect(second?.number == 2)
    }

    @Test("a picture without a time is due at once and stays until the next")
    func immediate() async {
        let frames = LatestFrames()
        await frames.receive(grayFrame(), in: .own, at: at(5))
        #expect(await frames.snapshot(at: at(5), freshWithin: limit)[.own]?.shownSince == at(5))
        #expect(await frames.snapshot(at: at(900), freshWithin: limit)[.own]?.shownSince == at(5))
    }

    @Test("a track without a new picture for three seconds is not shown, and comes back with the next")
    func frozen() async {
        let frames = LatestFrames()
        await frames.receive(grayFrame(), in: .remote("a"), at: at(0))
        #expect(await frames.snapshot(at: at(2_999), freshWithin: limit).count == 1)
        #expect(await frames.snapshot(at: at(3_000), freshWithin: limit).isEmpty)
        await frames.receive(grayFrame(), in: .remote("a"), at: at(4_000))
        #expect(await frames.snapshot(at: at(4_000), freshWithin: limit).count == 1)
    }

    @Test("a picture that claims to be due in an hour waits two seconds at most")
    func absurdTime() async {
        let frames = LatestFrames()
        await frames.receive(grayFrame(presentAt: at(3_600_000)), in: .own, at: at(0))
        #expect(await frames.snapshot(at: at(1_999), freshWithin: limit).isEmpty)
        #expect(await frames.snapshot(at: at(2_000), freshWithin: limit).count == 1)
    }

    @Test("a queue that nobody looks at keeps fifteen pictures")
    func bounded() async {
        let frames = LatestFrames()
        weak var oldest: VideoFrame?
        for number in 0..<16 {
            let frame = grayFrame(presentAt: at(Int64(number)))
            if number == 0 { oldest = frame }
            await frames.receive(frame, in: .own, at: at(0))
        }
        #expect(oldest == nil)
    }

    @Test("a track that ended is forgotten")
    func forget() async {
        let frames = LatestFrames()
        await frames.receive(grayFrame(), in: .remote("a"), at: at(0))
        await frames.forget(.remote("a"))
        #expect(await frames.snapshot(at: at(1), freshWithin: limit).isEmpty)
    }
}
