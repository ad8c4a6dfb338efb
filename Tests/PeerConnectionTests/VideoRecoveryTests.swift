import MediaCore
import PeerConnection
import RTP
import RoomTestKit
import Testing

/// How steadily pictures come over bad paths, in whole calls in virtual time; figures leave room for
/// other seeds, not for other behaviour.
@Suite("Video over bad paths")
struct VideoRecoveryTests {
    private static let seeds: [UInt64] = [1, 2]

    private static func options(seed: UInt64, hasLayers: Bool) -> SimulatedCall.Options {
        var options = SimulatedCall.Options()
        options.forward.delay = .milliseconds(40)
        options.hasTemporalLayers = hasLayers
        options.seed = seed
        return options
    }

    private static func run(_ options: SimulatedCall.Options, seconds: Int = 12) throws -> SimulatedCall {
        var options = options
        options.backward = options.forward
        let call = try SimulatedCall(options)
        call.pictures.byteCount = 6_000
        call.run(for: .seconds(seconds))
        #expect(call.audience.undecodableCount == 0, "seed \(options.seed)")
        #expect(call.audience.damagedCount == 0, "seed \(options.seed)")
        return call
    }

    private static func latency(_ call: SimulatedCall, _ share: Double) -> Double {
        let start = MonotonicTime(nanoseconds: 5_000_000_000)
        return call.audience.latency(quantile: share, from: start, interval: SimulatedCall.videoInterval)
            .inMilliseconds
    }

    private static func rate(_ call: SimulatedCall) -> Double {
        Double(call.audience.seen.count) / Double(call.sentFrames)
    }

    @Test("on a clean path pictures are shown the moment they are complete", arguments: [false, true])
    func clean(hasLayers: Bool) throws {
        let call = try Self.run(Self.options(seed: 1, hasLayers: hasLayers), seconds: 5)
        #expect(Self.latency(call, 0.95) < 50)
        #expect(call.audience.freezes.count == 0)
        #expect(call.senderStatistics.outgoing.allSatisfy { $0.stream.repeats == 0 })
    }

    @Test("with 5 % loss and 80 ms round trip the picture does not freeze", arguments: seeds, [false, true])
    func randomLoss(seed: UInt64, hasLayers: Bool) throws {
        var options = Self.options(seed: seed, hasLayers: hasLayers)
        options.forward.loss = 0.05
        let call = try Self.run(options)
        #expect(call.audience.freezes.total < .milliseconds(300), "seed \(seed)")
        #expect(Self.rate(call) > 0.97, "seed \(seed)")
        #expect(Self.latency(call, 0.95) < 220, "seed \(seed)")
        #expect(call.keyframeRequestCount == 0, "seed \(seed)")
    }

    @Test("with 10 % loss it hardly does", arguments: seeds, [false, true])
    func heavyLoss(seed: UInt64, hasLayers: Bool) throws {
        var options = Self.options(seed: seed, hasLayers: hasLayers)
        options.forward.loss = 0.1
        let call = try Self.run(options)
        #expect(call.audience.freezes.total < .seconds(1), "seed \(seed)")
        #expect(Self.rate(call) > 0.92, "seed \(seed)")
        #expect(Self.latency(call, 0.95) < 300, "seed \(seed)")
    }

    @Test("bursts of five losses are repaired in time", arguments: seeds, [false, true])
    func bursts(seed: UInt64, hasLayers: Bool) throws {
        var options = Self.options(seed: seed, hasLayers: hasLayers)
        (options.forward.bursts, options.forward.burstLength) = (0.0105, 5)
        let call = try Self.run(options)
        #expect(call.audience.freezes.total < .milliseconds(500), "seed \(seed)")
        #expect(Self.rate(call) > 0.95, "seed \(seed)")
        #expect(Self.latency(call, 0.95) < 300, "seed \(seed)")
    }

    @Test("uneven arrival is evened out", arguments: seeds)
    func jitter(seed: UInt64) throws {
        var options = Self.options(seed: seed, hasLayers: true)
        (options.forward.delay, options.forward.deviation) = (.milliseconds(30), .milliseconds(30))
        let call = try Self.run(options)
        #expect(call.audience.freezes.count == 0, "seed \(seed)")
        #expect(Self.rate(call) > 0.98, "seed \(seed)")
        #expect(Self.latency(call, 0.95) < 140, "seed \(seed)")
        let gaps = zip(call.audience.seen, call.audience.seen.dropFirst()).map { $1.presentAt - $0.presentAt }
        let even = gaps.suffix(200).filter { abs($0.inMilliseconds - 33.3) < 10 }.count
        #expect(even > 180, "seed \(seed)")
    }

    @Test("after a cut of three seconds the picture moves in a moment", arguments: seeds, [0.0, 0.05])
    func cut(seed: UInt64, loss: Double) throws {
        var options = Self.options(seed: seed, hasLayers: seed == 1)
        options.forward.loss = loss
        let call = try Self.run(options, seconds: 4)
        (call.forward.isDown, call.backward.isDown) = (true, true)
        call.run(for: .seconds(3))
        (call.forward.isDown, call.backward.isDown) = (false, false)
        let mended = call.now
        call.run(for: .seconds(3))
        let next = try #require(call.audience.seen.first { $0.time > mended + .milliseconds(45) })
        #expect(next.isKeyframe, "seed \(seed)")
        #expect(next.presentAt - mended < .milliseconds(loss == 0 ? 300 : 800), "seed \(seed)")
        #expect(call.audience.undecodableCount == 0, "seed \(seed)")
    }
}
