import MediaCore
import Testing

@testable import RTP

@Suite("Rate control")
struct RateControlTests {
    private static let limits = RateControl.Limits(minimum: .kilobits(50), maximum: .kilobits(10_000))

    private static func time(_ milliseconds: Int) -> MonotonicTime {
        MonotonicTime(nanoseconds: Int64(milliseconds) * 1_000_000)
    }

    /// Gives `control` ten updates per second in which everything sent comes through.
    private static func run(
        _ control: inout RateControl, _ signal: DelayTrend.Signal = .normal, from begin: Int, seconds: Int,
        acknowledged: Bitrate? = nil
    ) {
        for step in 0..<seconds * 10 {
            control.update(
                signal, acknowledged: acknowledged ?? control.rate, roundTrip: .milliseconds(50),
                within: limits, at: time(begin + step * 100))
        }
    }

    @Test("until a queue has grown the rate about doubles every second")
    func fastStart() {
        var control = RateControl(start: .kilobits(1_000))
        Self.run(&control, from: 0, seconds: 2)
        #expect((3_000...6_500).contains(control.rate.kilobitsPerSecond))
        #expect(control.isStarting)
    }

    @Test("the rate rises no further than half above what comes through")
    func unproven() {
        var control = RateControl(start: .kilobits(1_000))
        Self.run(&control, from: 0, seconds: 10, acknowledged: .kilobits(1_200))
        #expect(control.rate == .kilobits(1_810))
        Self.run(&control, from: 10_000, seconds: 10, acknowledged: .kilobits(300))
        #expect(control.rate == .kilobits(1_810))
    }

    @Test("a queue found full is emptied: half of what comes through, then 0.85 of it")
    func fullQueue() {
        var control = RateControl(start: .kilobits(2_000))
        control.emptyFullQueue(.kilobits(300), roundTrip: .milliseconds(300), at: Self.time(0))
        #expect(control.isDraining && !control.isStarting)
        #expect((150...200).contains(control.rate.kilobitsPerSecond))
        control.update(
            .normal, acknowledged: .kilobits(150), queue: .zero, roundTrip: .milliseconds(50),
            within: Self.limits, at: Self.time(500))
        #expect(!control.isDraining)
        #expect((250...260).contains(control.rate.kilobitsPerSecond))
    }

    @Test("what is passed on does not prove more than comes through, whatever goes well")
    func forwarded() {
        var control = RateControl(start: .kilobits(500))
        control.isForwarding = true
        Self.run(&control, from: 0, seconds: 20, acknowledged: .kilobits(600))
        #expect((640...680).contains(control.rate.kilobitsPerSecond))
    }

    @Test(
        "when a queue grows less is sent until it is empty, then 0.85 of what came through, and slowly more")
    func backOff() {
        var control = RateControl(start: .kilobits(1_000))
        func update(_ signal: DelayTrend.Signal, queue: Int, at milliseconds: Int) {
            control.update(
                signal, acknowledged: .kilobits(800), queue: .milliseconds(queue),
                roundTrip: .milliseconds(50),
                within: Self.limits, at: Self.time(milliseconds))
        }
        Self.run(&control, from: 0, seconds: 1)
        update(.overuse, queue: 250, at: 1_000)
        #expect(control.rate == .kilobits(480))
        #expect(control.isDraining && !control.isStarting)
        update(.underuse, queue: 100, at: 1_100)
        #expect(control.rate == .kilobits(480))
        update(.underuse, queue: 10, at: 1_200)
        #expect(control.rate == .kilobits(680) && !control.isDraining)
        Self.run(&control, from: 1_300, seconds: 2)
        #expect((690...800).contains(control.rate.kilobitsPerSecond))
    }

    @Test("where hardly anything stands, a step down is small")
    func smallQueue() {
        var control = RateControl(start: .kilobits(1_000))
        control.update(
            .overuse, acknowledged: .kilobits(300), queue: .milliseconds(10), roundTrip: .milliseconds(50),
            within: Self.limits, at: Self.time(0))
        #expect(control.rate == .kilobits(850))
    }

    @Test("a queue that stands is emptied even if it does not grow; one that stays is none")
    func standingQueue() {
        var control = RateControl(start: .kilobits(1_000))
        var isForeign = false
        for step in 0..<20 {
            control.update(
                .normal, acknowledged: .kilobits(900), queue: .milliseconds(200),
                roundTrip: .milliseconds(50),
                within: Self.limits, at: Self.time(step * 100))
            if step == 1 { #expect(control.isDraining && control.rate < .kilobits(700)) }
            isForeign = isForeign || control.isQueueForeign
        }
        #expect(isForeign)
    }

    @Test("after long peace the rate rises faster again")
    func searching() {
        var control = RateControl(start: .kilobits(1_000))
        control.update(
            .overuse, acknowledged: .kilobits(500), roundTrip: .milliseconds(50), within: Self.limits,
            at: Self.time(0))
        Self.run(&control, from: 100, seconds: 5)
        let before = control.rate
        Self.run(&control, from: 5_100, seconds: 8)
        #expect(control.rate > before * 3)
    }

    @Test("the rate stays within its limits")
    func limits() {
        var control = RateControl(start: .kilobits(1_000))
        Self.run(&control, from: 0, seconds: 30)
        #expect(control.rate == Self.limits.maximum)
        control.update(
            .overuse, acknowledged: .kilobits(1), queue: .milliseconds(100), roundTrip: .milliseconds(50),
            within: Self.limits, at: Self.time(30_000))
        #expect(control.rate == Self.limits.minimum)
    }

    @Test("what comes through is measured over the last 300 ms")
    func acknowledged() throws {
        var measured = AcknowledgedRate()
        #expect(measured.rate == nil)
        for step in 0..<200 {
            // 1,250 bytes every 10 ms are 1 Mbit/s, every 5 ms are 2 Mbit/s.
            let time = step < 100 ? Self.time(step * 10) : Self.time(500 + step * 5)
            measured.receive(PacketArrival(sent: time, arrival: time, byteCount: 1_250))
            if step == 99 { #expect(abs(try #require(measured.rate).kilobitsPerSecond - 1_000) < 100) }
        }
        #expect(abs(try #require(measured.rate).kilobitsPerSecond - 2_000) < 200)
    }
}
