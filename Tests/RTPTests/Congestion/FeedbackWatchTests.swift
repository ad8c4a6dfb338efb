import MediaCore
import Testing

@testable import RTP

@Suite("Feedback watch and queue delay")
struct FeedbackWatchTests {
    private static let roundTrip: Duration = .milliseconds(100)

    private static func time(_ milliseconds: Int) -> MonotonicTime {
        MonotonicTime(nanoseconds: Int64(milliseconds) * 1_000_000)
    }

    @Test("a room waits longer: feedback gets lost in bursts, and another size costs a key picture")
    func forwarding() {
        var watch = FeedbackWatch()
        watch.isForwarding = true
        watch.sent(at: Self.time(0))
        _ = watch.receive()
        watch.sent(at: Self.time(1_000))
        #expect(watch.deadline(roundTrip: Self.roundTrip) == Self.time(2_500))
    }

    @Test(
        "feedback is missed three round trips and half a second after the packet it should follow, again and again"
    )
    func missed() {
        var watch = FeedbackWatch()
        #expect(watch.deadline(roundTrip: Self.roundTrip) == nil)
        watch.sent(at: Self.time(0))
        let isBack = watch.receive()
        #expect(!isBack)
        #expect(watch.deadline(roundTrip: Self.roundTrip) == nil)
        watch.sent(at: Self.time(1_000))
        watch.sent(at: Self.time(1_500))
        var missed: [Int] = []
        for step in 1_000..<4_000
        where watch.isMissing(roundTrip: Self.roundTrip, at: Self.time(step)) { missed.append(step) }
        #expect(missed == [1_800, 2_600, 3_400])
        let isBackNow = watch.receive()
        #expect(isBackNow)
    }

    @Test("feedback that never came is missed once")
    func never() {
        var watch = FeedbackWatch()
        watch.sent(at: Self.time(0))
        var missed: [Int] = []
        for step in 0..<20_000
        where watch.isMissing(roundTrip: Self.roundTrip, at: Self.time(step)) { missed.append(step) }
        #expect(missed == [2_300])
        let isBack = watch.receive()
        #expect(!isBack)
    }

    @Test(
        "the queue is what packets take longer than the fastest; jitter is none, and an old path is forgotten"
    )
    func queueDelay() {
        var queue = QueueDelay()
        var generator = SeededGenerator(seed: 3)
        var (last, now) = (0.0, 0)
        func send(for milliseconds: Int, delay: Double, jitter: Double) {
            for _ in 0..<milliseconds / 20 {
                now += 20
                let next = delay + Double.random(in: 0...max(jitter, 0.001), using: &generator)
                queue.receive(
                    .init(
                        sent: .milliseconds(20), received: .nanoseconds(Int64((20 + next - last) * 1e6)),
                        arrival: Self.time(now)))
                last = next
            }
        }
        send(for: 5_000, delay: 50, jitter: 40)
        #expect(queue.current < .milliseconds(30))
        send(for: 1_000, delay: 250, jitter: 1)
        #expect(abs(queue.current.inMilliseconds - 200) < 5)
        send(for: 20_000, delay: 250, jitter: 1)
        #expect(queue.current < .milliseconds(5))
    }
}
