import MediaCore
import RTP
import Testing

@Suite("RemoteBitrateEstimator")
struct RemoteBitrateEstimatorTests {
    @Test("a drop of the capacity is followed within a second or so, and a rise is found")
    func capacityDrop() {
        var path = SimulatedDownlink()
        path.run(seconds: 8)
        #expect(path.estimate > 2_500_000)
        path.capacity = 500_000
        path.run(seconds: 1.2)
        #expect(path.estimate < 600_000)
        path.run(seconds: 15)
        let after = path.estimates.filter { $0.time > 9_200 }.map(\.rate)
        #expect(after.allSatisfy { $0 > 250_000 && $0 < 700_000 })
        path.capacity = 3_000_000
        path.run(seconds: 40)
        #expect(path.estimate > 2_000_000)
    }

    @Test("a sender that wants too much settles near the capacity without a long queue")
    func settles() {
        var path = SimulatedDownlink(capacity: 1_000_000, wanted: 5_000_000)
        path.run(seconds: 60)
        let late = path.estimates.filter { $0.time > 20_000 }.map(\.rate)
        let mean = late.reduce(0, +) / Double(late.count)
        #expect(mean > 700_000 && mean < 1_100_000)
        #expect(path.longestQueue < 300)
    }

    @Test("random loss without delay does not lower the estimate")
    func randomLoss() {
        var path = SimulatedDownlink(capacity: 20_000_000, wanted: 1_000_000, loss: 0.05)
        path.run(seconds: 30)
        #expect(path.estimates.count > 500)
        let falls = zip(path.estimates, path.estimates.dropFirst()).filter { $1.rate < $0.rate }
        #expect(falls.isEmpty)
        #expect(path.estimate > 1_000_000)
    }

    @Test("on a free path the estimate stays well above what arrives", arguments: [0.0, 10.0])
    func freePath(jitter: Double) {
        var path = SimulatedDownlink(capacity: 50_000_000, wanted: 1_500_000, jitter: jitter)
        path.run(seconds: 130)
        let late = path.estimates.filter { $0.time > 5_000 }.map(\.rate)
        #expect(late.count > 3_000)
        #expect(late.allSatisfy { $0 > 1.3 * 1_500_000 })
    }

    @Test(
        "where the clock of the sender stands makes no difference, also when it wraps",
        arguments: [1, 0x7F_FF00, 0xFF_FFFF, 0xFF_FFFF - 8 * 262_144] as [Int64])
    func wrap(offset: Int64) {
        func rates(_ offset: Int64) -> [Double] {
            var path = SimulatedDownlink(clockOffset: offset)
            path.run(seconds: 8)
            path.capacity = 800_000
            path.run(seconds: 6)
            return path.estimates.map(\.rate)
        }
        #expect(rates(offset) == rates(0))
    }

    @Test("a clock that jumps neither lowers the estimate nor blinds it", arguments: [-20, 20] as [Int64])
    func jump(seconds: Int64) {
        var path = SimulatedDownlink()
        path.run(seconds: 8)
        let before = path.estimate
        path.clockOffset += seconds * 262_144
        path.run(seconds: 3)
        #expect(path.estimate >= before)
        path.capacity = 500_000
        path.run(seconds: 1.5)
        #expect(path.estimate < 600_000)
    }

    @Test("there is no estimate before half a second of packets, and a pause does not change it")
    func pause() {
        var path = SimulatedDownlink()
        path.run(seconds: 0.4)
        #expect(path.estimator.estimate == nil)
        path.run(seconds: 5)
        let before = path.estimate
        path.wanted = 0
        path.run(seconds: 40)
        #expect(path.estimate == before)
        path.wanted = 1_000_000
        path.run(seconds: 5)
        #expect(path.estimate == before)
    }

    @Test("ten thousand senseless packets never trap", arguments: 0..<4 as Range<UInt64>)
    func nonsense(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var estimator = RemoteBitrateEstimator()
        var now = MonotonicTime.zero
        for _ in 0..<10_000 {
            switch Int.random(in: 0..<50, using: &generator) {
            case 0: now = MonotonicTime(nanoseconds: Int64.random(in: .min ... .max, using: &generator))
            case 1: now = MonotonicTime(nanoseconds: [.min, .max, 0].randomElement(using: &generator) ?? 0)
            case 2:
                estimator.update(roundTrip: .nanoseconds(Int64.random(in: -1 ... .max, using: &generator)))
            default: now += .nanoseconds(Int64.random(in: -1_000_000...50_000_000, using: &generator))
            }
            let isSane = Bool.random(using: &generator)
            let bytes = isSane ? 1_200 : Int.random(in: .min ... .max, using: &generator)
            estimator.receive(
                absoluteSendTime: UInt32.random(in: 0 ... .max, using: &generator), bytes: bytes, at: now)
            if let estimate = estimator.estimate {
                #expect(estimate >= .kilobits(10) && estimate <= .kilobits(10_000_000))
            }
        }
    }
}
