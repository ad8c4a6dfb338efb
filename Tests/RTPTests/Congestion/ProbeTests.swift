import MediaCore
import Testing

@testable import RTP

@Suite("Probes")
struct ProbeTests {
    private static func time(_ milliseconds: Double) -> MonotonicTime {
        MonotonicTime(nanoseconds: Int64(milliseconds * 1_000_000))
    }

    /// Sends a probe at `rate` over a link of `capacity`; packets for which `isLost` do not come.
    private static func measure(
        _ rate: Bitrate, over capacity: Bitrate, isLost: (Int) -> Bool = { _ in false }
    ) throws -> ProbeResult? {
        let plan = ProbePlan(id: try #require(ProbeID(7)), rate: rate)
        var estimator = ProbeEstimator()
        estimator.begin(plan)
        var (sent, free) = (time(1_000), time(0))
        for number in 0..<max(ProbePlan.leastPackets, plan.leastBytes / 1_000) {
            free = max(free, sent) + capacity.time(for: 1_000)
            if !isLost(number) {
                estimator.receive(PacketArrival(sent: sent, arrival: free, byteCount: 1_000, probe: plan.id))
            }
            sent = sent + rate.time(for: 1_000)
        }
        return estimator.nextResult()
    }

    @Test("a path that carries the probe is as fast as the probe", arguments: [500, 1_000, 6_000, 20_000])
    func wide(kilobits: Int) throws {
        let result = try #require(try Self.measure(.kilobits(kilobits), over: .kilobits(50_000)))
        #expect(!result.isFull)
        #expect(abs(result.rate.kilobitsPerSecond - kilobits) <= kilobits / 20)
    }

    @Test("a narrower path lets the probe out at its own rate", arguments: [300, 1_000, 2_500])
    func narrow(kilobits: Int) throws {
        let result = try #require(try Self.measure(.kilobits(3_000), over: .kilobits(kilobits)))
        #expect(result.isFull)
        let expected = Double(kilobits) * 0.95
        #expect(abs(Double(result.rate.kilobitsPerSecond) - expected) < expected * 0.02)
    }

    @Test("a probe of which too little comes tells nothing, and each tells only once")
    func incomplete() throws {
        let half = try Self.measure(.kilobits(3_000), over: .kilobits(9_000)) { $0 % 2 == 0 }
        #expect(half == nil)
        var estimator = ProbeEstimator()
        let plan = ProbePlan(id: try #require(ProbeID(1)), rate: .kilobits(1_000))
        estimator.begin(plan)
        for number in 0..<5 {
            let time = Self.time(Double(number) * 8)
            estimator.receive(PacketArrival(sent: time, arrival: time, byteCount: 1_000, probe: plan.id))
        }
        let first = estimator.nextResult()
        let second = estimator.nextResult()
        #expect(first != nil && second == nil)
    }

    @Test("packets of another probe, and times that make no sense, tell nothing")
    func nonsense() throws {
        var estimator = ProbeEstimator()
        let other = try #require(ProbeID(2))
        let plan = ProbePlan(id: try #require(ProbeID(1)), rate: .kilobits(1_000))
        estimator.begin(plan)
        for number in 0..<9 {
            let time = Self.time(Double(number))
            estimator.receive(PacketArrival(sent: time, arrival: time, byteCount: 1_000, probe: other))
            estimator.receive(PacketArrival(sent: time, arrival: time, byteCount: 1_000))
        }
        let foreign = estimator.nextResult()
        #expect(foreign == nil)
        for arrival in [Int64.min, 0, Int64.max / 2] {
            estimator.receive(
                PacketArrival(
                    sent: Self.time(1), arrival: MonotonicTime(nanoseconds: arrival), byteCount: 3_000,
                    probe: plan.id))
        }
        let wild = estimator.nextResult()
        #expect(wild == nil)
    }

    @Test("without a wish there is no probe, and none once the wish is fulfilled")
    func wish() {
        var planner = ProbePlanner()
        let none = planner.nextPlan(current: .kilobits(100), at: Self.time(0))
        planner.update(wanted: .kilobits(1_000), at: Self.time(0))
        let fulfilled = planner.nextPlan(current: .kilobits(960), at: Self.time(0))
        #expect(none == nil && fulfilled == nil)
        #expect(planner.count == 0)
    }

    @Test(
        "the first probe is three times the rate; while probes raise it, each is followed by one of twice the rate"
    )
    func start() throws {
        var planner = ProbePlanner()
        planner.update(wanted: .kilobits(20_000), at: Self.time(0))
        let begun = planner.nextPlan(current: .kilobits(1_000), at: Self.time(0))
        let first = try #require(begun)
        #expect(first.rate == .kilobits(3_000))
        let early = planner.nextPlan(current: .kilobits(1_000), at: Self.time(100))
        #expect(early == nil)
        planner.receive(.init(rate: .kilobits(2_900), isFull: false), hasRaised: true, at: Self.time(150))
        let next = planner.nextPlan(current: .kilobits(2_900), at: Self.time(150))
        let second = try #require(next)
        #expect(second.rate == .kilobits(5_800) && second.id != first.id)
        planner.receive(.init(rate: .kilobits(4_000), isFull: true), hasRaised: true, at: Self.time(300))
        let soon = planner.nextPlan(current: .kilobits(4_000), at: Self.time(2_000))
        let third = planner.nextPlan(current: .kilobits(4_000), at: Self.time(2_200))
        #expect(soon == nil && third?.rate == .kilobits(8_000))
    }

    @Test("a queue puts probes off, longer after a probe that promised too much")
    func queue() {
        var planner = ProbePlanner()
        planner.update(wanted: .kilobits(2_000), at: Self.time(0))
        planner.noteQueue(at: Self.time(0))
        #expect(planner.deadline(current: .kilobits(500)) == Self.time(2_000))
        _ = planner.nextPlan(current: .kilobits(500), at: Self.time(2_000))
        planner.receive(.init(rate: .kilobits(900), isFull: true), hasRaised: true, at: Self.time(2_100))
        planner.noteQueue(at: Self.time(2_500))
        #expect(planner.deadline(current: .kilobits(500)) == Self.time(5_500))
    }

    @Test("more wanted than before, and feedback that is back, are probed for at once")
    func atOnce() {
        var planner = ProbePlanner()
        planner.update(wanted: .kilobits(1_000), at: Self.time(0))
        planner.noteQueue(at: Self.time(0))
        planner.update(wanted: .kilobits(4_000), at: Self.time(100))
        #expect(planner.deadline(current: .kilobits(900)) == Self.time(100))
        planner.noteQueue(at: Self.time(200))
        planner.restart(from: .kilobits(3_000), at: Self.time(300))
        let plan = planner.nextPlan(current: .kilobits(500), at: Self.time(300))
        #expect(plan?.rate == .kilobits(3_000))
    }

    @Test("names of probes wrap and are never zero")
    func wrap() throws {
        var planner = ProbePlanner()
        planner.update(wanted: .kilobits(2_000), at: Self.time(0))
        var names: Set<ProbeID> = []
        for round in 0..<600 {
            let plan = planner.nextPlan(current: .kilobits(500), at: Self.time(Double(round) * 9_000))
            names.insert(try #require(plan).id)
        }
        #expect(names.count == 255)
    }
}
