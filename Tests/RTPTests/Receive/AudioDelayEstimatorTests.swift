import MediaCore
import RTP
import Testing

@Suite("AudioDelayEstimator")
struct AudioDelayEstimatorTests {
    /// Feeds a packet every 20 ms, from one time to another in milliseconds, each so much later than the fastest.
    private static func run(
        _ estimator: inout AudioDelayEstimator, _ times: Range<Int64>, lateness: (Int64) -> Int64
    ) {
        for time in stride(from: times.lowerBound, to: times.upperBound, by: 20) {
            let arrival = MonotonicTime(nanoseconds: (time + lateness(time)) * 1_000_000)
            estimator.receive(timestamp: time * 48, at: arrival)
        }
    }

    /// A queue that fills at once and is empty again after this time.
    private static func queue(at begin: Int64, lasting length: Int64, _ time: Int64) -> Int64 {
        let end = begin + length
        return (begin..<end).contains(time) ? min(300, end - time) : 5
    }

    @Test("a queue that stood once makes nothing wait that comes after it", arguments: [500, 1_500, 2_400])
    func singleQueue(length: Int64) {
        var estimator = AudioDelayEstimator()
        Self.run(&estimator, 0..<10_000) { Self.queue(at: 8_000, lasting: length, $0) }
        Self.run(&estimator, 10_000..<12_000) { Self.queue(at: 8_000, lasting: length, $0) }
        #expect(estimator.target < .milliseconds(40))
    }

    @Test("what the last second needed is known while it stands, and forgotten a second later")
    func recent() {
        var estimator = AudioDelayEstimator()
        Self.run(&estimator, 0..<8_600) { Self.queue(at: 8_000, lasting: 1_000, $0) }
        #expect((.milliseconds(300) ... .milliseconds(320)).contains(estimator.recent))
        Self.run(&estimator, 8_600..<10_100) { Self.queue(at: 8_000, lasting: 1_000, $0) }
        #expect(estimator.recent < .milliseconds(40))
    }

    @Test("queues that come again and again are waited for, and so is one that stays")
    func manyQueues() {
        var estimator = AudioDelayEstimator()
        Self.run(&estimator, 0..<12_000) { Self.queue(at: $0 / 3_000 * 3_000, lasting: 1_200, $0) }
        #expect(estimator.target > .milliseconds(290))
        var other = AudioDelayEstimator()
        Self.run(&other, 0..<12_000) { Self.queue(at: 8_000, lasting: 5_000, $0) }
        #expect(other.target > .milliseconds(290))
    }

    @Test("a path that jitters from the start is believed to do so after two seconds")
    func beginning() {
        var estimator = AudioDelayEstimator()
        Self.run(&estimator, 0..<2_000) { $0 % 100 * 60 / 80 }
        #expect(estimator.target > .milliseconds(60))
    }
}
