import MediaCore
import RTP
import RoomTestKit
import Testing

@testable import RoomServer

/// A camera in three sizes on the way to one subscriber, in virtual time. A failing expectation names the seed.
@Suite("What a subscriber gets over a bad way down")
struct WayDownTests {
    /// A way that carries everything, but not well.
    enum Trouble: CaseIterable {
        case loss, heavyLoss, bursts, longBursts, jitter

        var link: LinkModel.Settings {
            var settings = LinkModel.Settings()
            settings.delay = .milliseconds(40)
            switch self {
            case .loss: settings.loss = 0.05
            case .heavyLoss: settings.loss = 0.1
            case .bursts: settings.bursts = 0.0105
            // So long that feedback stays away too.
            case .longBursts: (settings.bursts, settings.burstLength) = (0.0053, 10)
            case .jitter: (settings.delay, settings.deviation) = (.milliseconds(30), .milliseconds(30))
            }
            return settings
        }
    }

    private static func call(
        _ link: LinkModel.Settings, reportsArrivals: Bool = true, seed: UInt64
    ) -> SimulatedWayDown {
        var options = SimulatedWayDown.Options()
        (options.forward, options.backward) = (link, link)
        (options.reportsArrivals, options.seed) = (reportsArrivals, seed)
        return SimulatedWayDown(options)
    }

    private static func narrow(_ rate: Bitrate) -> LinkModel.Settings {
        var settings = LinkModel.Settings()
        (settings.delay, settings.rate) = (.milliseconds(30), rate)
        return settings
    }

    @Test(
        "what is lost or comes late by chance does not cost the full size", arguments: Trouble.allCases,
        UInt64(1)...3)
    func chance(trouble: Trouble, seed: UInt64) {
        let call = Self.call(trouble.link, seed: seed)
        call.run(for: .seconds(15))
        #expect(call.fullShare(since: call.begin + .seconds(3)) > 0.99, "seed \(seed)")
        #expect(call.fullShare(since: call.begin) > 0.9, "seed \(seed)")
        #expect(call.audience.undecodableCount == 0)
    }

    @Test("a way that is wide again has the full size within three seconds", arguments: UInt64(1)...4)
    func wideAgain(seed: UInt64) throws {
        let call = Self.call(Self.narrow(.kilobits(3_000)), seed: seed)
        call.run(for: .seconds(6))
        call.forward.settings.rate = .kilobits(500)
        let narrowed = call.now
        call.run(for: .seconds(15))
        let course = call.course.filter { $0.time > narrowed + .seconds(1) }
        #expect(course.allSatisfy { $0.size != 2 }, "seed \(seed)")
        // Nothing of ours stands in the queue while the size that fits is sent.
        let waits = course.map(\.wait).sorted()
        #expect(waits[waits.count * 9 / 10] < .milliseconds(100), "seed \(seed)")
        call.forward.settings.rate = .kilobits(3_000)
        let widened = call.now
        call.run(for: .seconds(8))
        let back = try #require(call.course.first { $0.time > widened && $0.size == 2 })
        #expect(back.time - widened < .seconds(3), "seed \(seed)")
        #expect(call.fullShare(since: back.time) > 0.99, "seed \(seed)")
    }

    @Test("who estimates his way himself has the full size again too, later", arguments: UInt64(1)...2)
    func wideAgainWithoutReports(seed: UInt64) throws {
        let call = Self.call(Self.narrow(.kilobits(3_000)), reportsArrivals: false, seed: seed)
        call.run(for: .seconds(10))
        call.forward.settings.rate = .kilobits(500)
        call.run(for: .seconds(10))
        call.forward.settings.rate = .kilobits(3_000)
        let widened = call.now
        call.run(for: .seconds(18))
        let back = try #require(call.course.first { $0.time > widened && $0.size == 2 })
        #expect(call.fullShare(since: back.time) > 0.99, "seed \(seed)")
    }

    @Test(
        "a way that is too narrow from the start is not filled", arguments: [300, 500, 700, 1_200],
        UInt64(1)...2)
    func narrowFromTheStart(kilobits: Int, seed: UInt64) {
        let call = Self.call(Self.narrow(.kilobits(kilobits)), seed: seed)
        call.run(for: .seconds(20))
        let waits = call.course.filter { $0.time > call.begin + .seconds(4) }.map(\.wait).sorted()
        #expect(waits[waits.count * 9 / 10] < .milliseconds(100), "seed \(seed)")
    }

    @Test("a cut of three seconds is over half a second after it", arguments: UInt64(1)...2)
    func cut(seed: UInt64) throws {
        var link = LinkModel.Settings()
        link.delay = .milliseconds(10)
        let call = Self.call(link, seed: seed)
        call.run(for: .seconds(6))
        (call.forward.isDown, call.backward.isDown) = (true, true)
        call.run(for: .seconds(3))
        (call.forward.isDown, call.backward.isDown) = (false, false)
        let mended = call.now
        call.run(for: .seconds(3))
        let next = try #require(call.audience.seen.first { $0.presentAt > mended })
        #expect(next.presentAt - mended < .milliseconds(500))
        #expect(call.fullShare(since: mended + .milliseconds(500)) > 0.99)
    }
}
