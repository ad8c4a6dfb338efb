import MediaCore
import RTP
import Testing

@Suite("VideoDelayEstimator")
struct VideoDelayEstimatorTests {
    /// Feeds pictures at 30 per second from `first` on, each later than the fastest by what `lateness`
    /// says in milliseconds; answers how long after its capture each is shown.
    private static func run(
        _ estimator: inout VideoDelayEstimator, from first: Int, count: Int, timestamp: UInt32 = 0,
        lateness: (Int) -> Double
    ) -> [Double] {
        (first..<first + count).map { index in
            let captured = Double(index) * 100 / 3
            let complete = MonotonicTime(nanoseconds: Int64((captured + 40 + lateness(index)) * 1e6))
            let shown = estimator.receive(
                timestamp: timestamp &+ UInt32(index * 3_000), completeAt: complete)
            #expect(shown >= complete)
            return shown.nanoseconds == 0 ? 0 : Double(shown.nanoseconds) / 1e6 - captured
        }
    }

    @Test("on a clean path nothing waits", arguments: [0, .max - 90_000] as [UInt32])
    func clean(timestamp: UInt32) {
        var estimator = VideoDelayEstimator(clockRate: 90_000)
        let shown = Self.run(&estimator, from: 0, count: 300, timestamp: timestamp) { _ in 0 }
        #expect(shown.allSatisfy { abs($0 - 40) < 0.1 })
        #expect(estimator.target == .zero)
    }

    @Test("unevenness that nobody sees makes nothing wait")
    func smallJitter() {
        var estimator = VideoDelayEstimator(clockRate: 90_000)
        _ = Self.run(&estimator, from: 0, count: 600) { Double($0 * 7 % 9) }
        #expect(estimator.target == .zero)
    }

    @Test("when many pictures need a repair, all wait for as long as one takes, and calm ends it")
    func repairs() {
        var estimator = VideoDelayEstimator(clockRate: 90_000)
        let shown = Self.run(&estimator, from: 0, count: 600) { $0 % 8 == 5 ? 90 : 0 }
        #expect(shown.suffix(300).allSatisfy { (125...145).contains($0) })
        #expect(estimator.target >= .milliseconds(85))
        let calm = Self.run(&estimator, from: 600, count: 900) { _ in 0 }
        #expect(estimator.target == .zero)
        #expect(calm.last.map { $0 < 41 } ?? false)
        // The wait shrinks so slowly that nobody sees it.
        #expect(zip(calm, calm.dropFirst()).allSatisfy { $0 - $1 < 16 })
    }

    @Test("a rare late picture is shown late and makes no other wait")
    func rarelyLate() {
        var estimator = VideoDelayEstimator(clockRate: 90_000)
        _ = Self.run(&estimator, from: 0, count: 900) { $0 % 100 == 99 ? 200 : 0 }
        #expect(estimator.target == .zero)
    }

    @Test("what one standstill held up makes those behind it wait no longer than what a few pictures would")
    func standstill() {
        var estimator = VideoDelayEstimator(clockRate: 90_000)
        // Twenty pictures come together, 20 s after the begin.
        _ = Self.run(&estimator, from: 0, count: 640) {
            (600..<620).contains($0) ? Double(620 - $0) * 100 / 3 : 0
        }
        #expect(estimator.target < .milliseconds(40))
    }

    @Test("a queue that filled and emptied is forgotten within seconds")
    func queue() {
        var estimator = VideoDelayEstimator(clockRate: 90_000)
        _ = Self.run(&estimator, from: 0, count: 600) { (300..<360).contains($0) ? Double($0 - 300) * 6 : 0 }
        #expect(estimator.target < .milliseconds(350))
        let shown = Self.run(&estimator, from: 600, count: 300) { _ in 0 }
        #expect(shown.suffix(60).allSatisfy { $0 < 60 })
    }

    @Test("uneven arrival makes pictures wait for nearly the latest")
    func jitter() {
        var generator = SeededGenerator(seed: 3)
        var estimator = VideoDelayEstimator(clockRate: 90_000)
        let shown = Self.run(&estimator, from: 0, count: 900) { _ in
            Double.random(in: 0...80, using: &generator)
        }
        #expect((70...90).contains(estimator.target.inMilliseconds))
        let steady = shown.suffix(600).filter { abs($0 - shown[899]) < 6 }.count
        #expect(steady > 500)
    }

    @Test("the wait is bounded, and a sender's clock that jumps begins anew")
    func bounded() {
        var estimator = VideoDelayEstimator(clockRate: 90_000)
        _ = Self.run(&estimator, from: 0, count: 600) { $0 % 2 == 0 ? 2_000 : 0 }
        #expect(estimator.target == VideoDelayEstimator.maximum)
        let now = MonotonicTime(nanoseconds: 60_000_000_000)
        #expect(estimator.receive(timestamp: 7, completeAt: now) == now)
    }
}
