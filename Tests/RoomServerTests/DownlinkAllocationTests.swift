import MediaCore
import Testing

@testable import RoomServer

@Suite("Sharing the way down to a subscriber")
struct DownlinkAllocationTests {
    private static let camera = TrackSID(text: "TR_VC")
    private static let screen = TrackSID(text: "TR_VS")
    private static let best = TrackLayer(spatial: 2, temporal: 2)

    /// Three sizes of 160, 450 and 1,700 kbit/s with three temporal layers.
    private static let simulcast: LayerRates = {
        var rates = LayerRates(isOneStream: false)
        for (spatial, total) in [160, 450, 1_700].enumerated() {
            for (temporal, share) in [0.4, 0.2, 0.4].enumerated() {
                rates.set(
                    TrackLayer(spatial: spatial, temporal: temporal).index, .kilobits(total) * share,
                    framesPerSecond: [7.5, 7.5, 15][temporal])
            }
        }
        return rates
    }()

    private func demand(
        _ track: TrackSID = camera, upTo maximum: TrackLayer = .highest, isScreen: Bool = false
    ) -> DownlinkAllocation.Demand {
        DownlinkAllocation.Demand(track: track, rates: Self.simulcast, maximum: maximum, isScreen: isScreen)
    }

    private func time(_ milliseconds: Int) -> MonotonicTime {
        MonotonicTime(microseconds: Int64(milliseconds) * 1_000)
    }

    /// An allocation that was wide open and then saw the estimate fall.
    private func narrowed(
        to rate: Bitrate, _ demands: [DownlinkAllocation.Demand], sound: Bitrate = .kilobits(32)
    ) -> (DownlinkAllocation, [LayerGrant]) {
        var allocation = DownlinkAllocation()
        _ = allocation.allocate(demands, sound: sound, at: time(0))
        allocation.receive(.kilobits(9_000), at: time(100))
        allocation.receive(rate, at: time(200))
        let grants = allocation.allocate(demands, sound: sound, at: time(200))
        return (allocation, grants)
    }

    @Test("an estimate that is low because it still grows takes nothing away")
    func believesOnlyFallingEstimates() {
        var allocation = DownlinkAllocation()
        for (step, rate) in [300, 500, 900, 1_400].enumerated() {
            allocation.receive(.kilobits(rate), at: time(step * 100))
            #expect(allocation.allocate([demand()], sound: .zero, at: time(step * 100)) == [.upTo(.highest)])
        }
    }

    @Test(
        "a camera keeps its rate of pictures as long as a smaller size has it",
        arguments: [
            (2_000, TrackLayer(spatial: 2, temporal: 2)), (1_200, TrackLayer(spatial: 1, temporal: 2)),
            (400, TrackLayer(spatial: 0, temporal: 2)), (150, TrackLayer(spatial: 0, temporal: 1)),
            (100, TrackLayer(spatial: 0, temporal: 0)),
        ])
    func shrinksCameras(kilobits: Int, layer: TrackLayer) {
        #expect(narrowed(to: .kilobits(kilobits), [demand(upTo: Self.best)]).1 == [.upTo(layer)])
    }

    @Test(
        "a screen keeps its size as long as a slower rate of pictures fits",
        arguments: [
            (1_200, TrackLayer(spatial: 2, temporal: 1)), (800, TrackLayer(spatial: 2, temporal: 0)),
            (500, TrackLayer(spatial: 1, temporal: 2)),
        ])
    func slowsScreensDown(kilobits: Int, layer: TrackLayer) {
        let demand = demand(Self.screen, upTo: Self.best, isScreen: true)
        #expect(narrowed(to: .kilobits(kilobits), [demand]).1 == [.upTo(layer)])
    }

    @Test("sound is served first, and of several tracks those that do not fit are paused")
    func pausesWhatDoesNotFit() {
        let second = demand(Self.screen, isScreen: true)
        #expect(
            narrowed(to: .kilobits(150), [demand(), second]).1
                == [.paused, .upTo(TrackLayer(spatial: 0, temporal: 1))])
    }

    @Test("the last track is paused when hardly half of it has come through for three seconds")
    func pausesLast() {
        var (allocation, grants) = narrowed(to: .kilobits(90), [demand()], sound: .kilobits(64))
        #expect(grants == [.upTo(.lowest)])
        for (milliseconds, expected) in [(3_100, LayerGrant.upTo(.lowest)), (3_300, .paused)] {
            allocation.receive(.kilobits(90), at: time(milliseconds))
            #expect(
                allocation.allocate([demand()], sound: .kilobits(64), at: time(milliseconds)) == [expected])
        }
    }

    @Test(
        "a way that carries much less than what is sent is told apart",
        arguments: [(600, true), (1_100, false)])
    func noticesShortage(kilobits: Int, isShort: Bool) {
        var (allocation, _) = narrowed(to: .kilobits(kilobits), [demand(upTo: Self.best)])
        #expect(allocation.isShort == isShort)
        _ = allocation.allocate([demand(upTo: Self.best)], sound: .kilobits(32), at: time(400))
        #expect(!allocation.isShort)
    }

    @Test("several tracks are raised together")
    func sharesEvenly() {
        let tracks = (0..<4).map { demand(TrackSID(text: "TR_\($0)"), upTo: Self.best) }
        let grants = narrowed(to: .kilobits(2_000), tracks).1
        #expect(Set(grants) == [.upTo(TrackLayer(spatial: 1, temporal: 2))])
    }

    @Test("no more is granted than the subscriber has a use for")
    func respectsMaximum() {
        let small = TrackLayer(spatial: 0, temporal: 1)
        #expect(
            narrowed(to: .kilobits(1_900), [demand(upTo: small), demand(Self.screen)]).1.first == .upTo(small)
        )
    }

    @Test("a step up waits for room to spare, and longer after each mistake")
    func climbsCarefully() {
        var (allocation, _) = narrowed(to: .kilobits(600), [demand(upTo: Self.best)])
        let medium = LayerGrant.upTo(TrackLayer(spatial: 1, temporal: 2))
        var now = 1_300
        // 1,732 fit, but not with room to spare.
        allocation.receive(.kilobits(1_850), at: time(now))
        #expect(
            allocation.allocate([demand(upTo: Self.best)], sound: .kilobits(32), at: time(now)) == [medium])
        var waits: [Int] = []
        for _ in 0..<4 {
            allocation.receive(.kilobits(2_000), at: time(now))
            let start = now
            while allocation.allocate([demand(upTo: Self.best)], sound: .kilobits(32), at: time(now)) == [
                medium
            ] {
                now += 100
            }
            waits.append(now - start)
            now += 500
            allocation.receive(.kilobits(600), at: time(now))
            #expect(
                allocation.allocate([demand(upTo: Self.best)], sound: .kilobits(32), at: time(now)) == [
                    medium
                ])
        }
        #expect(waits == [0, 2_000, 4_000, 8_000])
    }

    @Test(
        "a way that proves to carry more than what did not fit ends the wait",
        arguments: [(2_000, 2_000), (2_200, 1_000)])
    func climbsOnProof(kilobits: Int, wait: Int) {
        var (allocation, _) = narrowed(to: .kilobits(600), [demand(upTo: Self.best)])
        func grant(_ rate: Int, at milliseconds: Int) -> LayerGrant {
            allocation.receive(.kilobits(rate), at: time(milliseconds))
            return allocation.allocate(
                [demand(upTo: Self.best)], sound: .kilobits(32), at: time(milliseconds))[0]
        }
        #expect(grant(2_000, at: 1_300) == .upTo(Self.best))
        // Taken back within five seconds: a mistake.
        #expect(grant(600, at: 2_000).limit.spatial == 1)
        #expect(grant(kilobits, at: 2_000 + wait - 100).limit.spatial == 1)
        #expect(grant(kilobits, at: 2_000 + wait).limit.spatial == 2)
    }

    @Test("a fall by a little is believed when it lasts, one by much at once")
    func doubtsSmallFalls() {
        for (rate, milliseconds, spatial) in [(1_400, 1_000, 2), (1_400, 2_600, 1), (1_200, 100, 1)] {
            var allocation = DownlinkAllocation()
            _ = allocation.allocate([demand(upTo: Self.best)], sound: .kilobits(32), at: time(0))
            allocation.receive(.kilobits(2_200), at: time(900))
            for moment in stride(from: 1_000, through: 1_000 + milliseconds, by: 100) {
                allocation.receive(.kilobits(rate) + .kilobits(5_000 - moment) * 0.01, at: time(moment))
            }
            let now = time(1_000 + milliseconds)
            let grants = allocation.allocate([demand(upTo: Self.best)], sound: .kilobits(32), at: now)
            #expect(grants[0].limit.spatial == spatial, "\(rate) kbit/s for \(milliseconds) ms")
        }
    }

    @Test("an estimate that wavers while it grows takes nothing away")
    func believesNoWavering() {
        var allocation = DownlinkAllocation()
        for (step, rate) in [1_000, 900, 1_300, 1_200, 1_600, 1_500].enumerated() {
            allocation.receive(.kilobits(rate), at: time(step * 100))
            #expect(allocation.allocate([demand()], sound: .zero, at: time(step * 100)) == [.upTo(.highest)])
        }
    }

    @Test("it says how far to probe: for everything that is wanted, whatever is granted now")
    func asksForProbes() {
        for rate in [100, 600, 5_000] {
            let (allocation, _) = narrowed(to: .kilobits(rate), [demand(upTo: Self.best)])
            #expect(allocation.wantedBitrate == .kilobits(1_732) * 1.4)
        }
        let small = TrackLayer(spatial: 0, temporal: 2)
        // Not below the first estimate, which little that has been measured must not hold down.
        #expect(narrowed(to: .kilobits(600), [demand(upTo: small)]).0.wantedBitrate == .kilobits(1_000))
    }

    @Test(
        "pictures that take more for a moment are left alone unless the estimate falls",
        arguments: [true, false])
    func waitsForTheEstimate(isFalling: Bool) {
        var (allocation, _) = narrowed(to: .kilobits(600), [demand(upTo: Self.best)])
        allocation.receive(.kilobits(isFalling ? 350 : 610), at: time(300))
        var larger = demand(upTo: Self.best)
        larger.rates.set(TrackLayer(spatial: 1, temporal: 2).index, .kilobits(330), framesPerSecond: 15)
        let expected = TrackLayer(spatial: isFalling ? 0 : 1, temporal: 2)
        #expect(allocation.allocate([larger], sound: .kilobits(32), at: time(300)) == [.upTo(expected)])
    }

    @Test("a paused track is tried again although nothing tells that the way is better")
    func triesPausedTracksAgain() {
        var (allocation, _) = narrowed(to: .kilobits(50), [demand()])
        for (milliseconds, expected) in [
            (3_300, LayerGrant.paused), (5_100, .paused), (5_300, .upTo(.lowest)),
        ] {
            #expect(
                allocation.allocate([demand()], sound: .kilobits(32), at: time(milliseconds)) == [expected])
        }
        allocation.receive(.kilobits(50), at: time(5_400))
        #expect(allocation.allocate([demand()], sound: .kilobits(32), at: time(8_200)) == [.upTo(.lowest)])
        #expect(allocation.allocate([demand()], sound: .kilobits(32), at: time(8_400)) == [.paused])
    }

    @Test(
        "through a link of 3 Mbit/s, 500 kbit/s for 20 s, 3 Mbit/s the queue stays short and the size comes back",
        arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func followsNarrowLink(seed: UInt64) {
        var link = SimulatedDownlink(seed: seed)
        var allocation = DownlinkAllocation()
        var fullSize = 0
        var changes = 0
        var last: LayerGrant?
        for step in 0..<500 {
            let now = time(step * 100)
            link.capacity = (100..<300).contains(step) ? .kilobits(500) : .kilobits(3_000)
            let grant = allocation.allocate([demand(upTo: Self.best)], sound: .kilobits(32), at: now)[0]
            changes += grant == last ? 0 : 1
            last = grant
            let rate = Self.simulcast.bitrate(upTo: grant.limit) + .kilobits(32)
            if let estimate = link.send(rate, probing: allocation.wantedBitrate) {
                allocation.receive(estimate, at: now)
            }
            if step < 100 || step >= 350 { fullSize += grant.limit.spatial >= 2 ? 1 : 0 }
            if (120..<300).contains(step) { #expect(grant != .paused && grant.limit.spatial < 2) }
        }
        #expect(fullSize >= 245)
        #expect(link.longestQueue < .seconds(1))
        #expect(changes < 20)
    }
}

/// A link with an estimator that behaves like the published one, roughly: it backs off below what comes through when the
/// queue grows, and cannot grow much beyond what is sent, probes included.
private struct SimulatedDownlink {
    var capacity = Bitrate.kilobits(3_000)
    private(set) var longestQueue = Duration.zero
    private var queued = 0.0
    private var estimate = 1_000_000.0
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// Sends for 100 ms; answers the new estimate, if there is one.
    mutating func send(_ rate: Bitrate, probing wanted: Bitrate) -> Bitrate? {
        let limit = Double(capacity.bitsPerSecond)
        let sent = Double(rate.bitsPerSecond) * Double.random(in: 0.9...1.1, using: &random)
        queued = max(0, queued + (sent - limit) / 10)
        longestQueue = max(longestQueue, .milliseconds(Int(queued / limit * 1_000)))
        if queued > limit * 0.05 {
            estimate = limit * Double.random(in: 0.8...0.9, using: &random)
        } else {
            let seen = min(limit, max(sent, min(Double(wanted.bitsPerSecond), estimate * 2)))
            estimate = min(max(estimate * 1.01, seen), max(estimate, seen * 1.5))
        }
        return Bitrate(bitsPerSecond: Int(estimate * Double.random(in: 0.99...1.01, using: &random)))
    }
}
