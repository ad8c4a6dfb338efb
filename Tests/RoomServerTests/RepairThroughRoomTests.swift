import MediaCore
import RTP
import RoomTestKit
import Testing

@testable import RoomServer

/// What a bad way up costs a viewer behind the room, in whole calls in virtual time. A failing expectation names the
/// seed.
@Suite("Repair through a room")
struct RepairThroughRoomTests {
    private static let seeds: ClosedRange<UInt64> = 1...3

    private static func call(
        seed: UInt64, loss: Double = 0, bursts: Double = 0, hasLayers: Bool
    ) -> SimulatedRoomCall {
        var options = SimulatedRoomCall.Options()
        options.up.delay = .milliseconds(40)
        (options.up.loss, options.up.bursts, options.up.burstLength) = (loss, bursts, 5)
        (options.seed, options.hasTemporalLayers) = (seed, hasLayers)
        let call = SimulatedRoomCall(options)
        call.run(for: .seconds(15))
        #expect(call.audience.undecodableCount == 0, "seed \(seed)")
        #expect(call.audience.damagedCount == 0, "seed \(seed)")
        return call
    }

    @Test("loss on the way up hardly ever stops the picture", arguments: seeds, [false, true])
    func loss(seed: UInt64, hasLayers: Bool) {
        for (loss, share) in [(0.05, 0.97), (0.1, 0.95)] {
            let call = Self.call(seed: seed, loss: loss, hasLayers: hasLayers)
            #expect(call.audience.freezes.total < .milliseconds(300), "seed \(seed), loss \(loss)")
            let seen = Double(call.audience.seen.count) / Double(call.sentFrames)
            #expect(seen > share, "seed \(seed), loss \(loss)")
            #expect(call.keyframeRequestCount <= 2, "seed \(seed), loss \(loss)")
        }
    }

    @Test("bursts of five losses on the way up are repaired in time", arguments: seeds, [false, true])
    func bursts(seed: UInt64, hasLayers: Bool) {
        let call = Self.call(seed: seed, bursts: 0.0105, hasLayers: hasLayers)
        #expect(call.audience.freezes.total < .milliseconds(500), "seed \(seed)")
        #expect(call.audience.longestPause < .milliseconds(400), "seed \(seed)")
    }

    @Test("after a cut of the way up the picture is back within half a second", arguments: seeds)
    func cut(seed: UInt64) throws {
        let call = Self.call(seed: seed, loss: 0.05, hasLayers: true)
        call.isWayUpCut = true
        call.run(for: .seconds(2))
        call.isWayUpCut = false
        let mended = call.now
        call.run(for: .seconds(2))
        let next = try #require(call.audience.seen.first { $0.time > mended + .milliseconds(40) })
        #expect(next.presentAt - mended < .milliseconds(600), "seed \(seed)")
    }
}
