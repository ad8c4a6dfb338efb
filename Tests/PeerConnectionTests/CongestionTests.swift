import MediaCore
import PeerConnection
import RTP
import RoomTestKit
import Testing

/// Calls whose encoder follows the estimate, in virtual time. A failing expectation names the seed.
@Suite("Congestion control")
struct CongestionTests {
    private static func call(
        _ forward: LinkModel.Settings = .perfect, upTo bitrate: Bitrate = .kilobits(2_000), seed: UInt64 = 1,
        firstSequence: UInt16? = nil
    ) throws -> SimulatedCall {
        var options = SimulatedCall.Options()
        (options.forward, options.followedBitrate) = (forward, bitrate)
        (options.seed, options.firstSequence) = (seed, firstSequence)
        return try SimulatedCall(options)
    }

    private static func narrow(_ bitrate: Bitrate) -> LinkModel.Settings {
        var settings = LinkModel.Settings()
        settings.rate = bitrate
        return settings
    }

    /// The longest the queue gets during `span`.
    private static func longestWait(in call: SimulatedCall, for span: Duration) -> Duration {
        var longest = Duration.zero
        for _ in 0..<Int(span.inSeconds * 50) {
            call.run(for: .milliseconds(20))
            longest = max(longest, call.forward.waitingTime(at: call.now))
        }
        return longest
    }

    /// The median of the queue during `span`.
    private static func usualWait(in call: SimulatedCall, for span: Duration) -> Duration {
        var waits: [Duration] = []
        for _ in 0..<Int(span.inSeconds * 50) {
            call.run(for: .milliseconds(20))
            waits.append(call.forward.waitingTime(at: call.now))
        }
        return waits.sorted()[waits.count / 2]
    }

    /// What goes into the path during `span`.
    private static func sentRate(in call: SimulatedCall, for span: Duration) -> Bitrate {
        let before = call.forward.byteCount
        call.run(for: span)
        return Bitrate(
            bitsPerSecond: Int(Double(call.forward.byteCount - before) * 8 / span.inSeconds))
    }

    @Test("a free path carries 90 % of what the encoder wants within a second", arguments: 1...3)
    func freePath(seed: UInt64) throws {
        let call = try Self.call(seed: seed)
        call.run(for: .seconds(1))
        #expect(call.estimates.first?.bitrate == BandwidthEstimator.start)
        #expect(try #require(call.estimates.last).bitrate >= .kilobits(1_800 + 68), "seed \(seed)")
        call.run(for: .seconds(2))
        #expect(Self.sentRate(in: call, for: .seconds(2)) >= .kilobits(1_800), "seed \(seed)")
        #expect(call.audience.longestPause < .milliseconds(200), "seed \(seed)")
        #expect(call.senderStatistics.probes <= 3, "seed \(seed)")
    }

    @Test(
        "a path narrower than the encoder's wish is used and not filled", arguments: [300, 500, 900, 1_500])
    func narrowPath(kilobits: Int) throws {
        let call = try Self.call(Self.narrow(.kilobits(kilobits)), upTo: .kilobits(3_000))
        call.run(for: .seconds(3))
        #expect(Self.usualWait(in: call, for: .seconds(10)) < .milliseconds(40))
        let rate = Self.sentRate(in: call, for: .seconds(5)).kilobitsPerSecond
        #expect(Double(rate) > Double(kilobits) * 0.75 && rate < kilobits)
    }

    @Test("a drop from 3 Mbit/s to 500 kbit/s is followed within a second, and the recovery within five")
    func drop() throws {
        let call = try Self.call(Self.narrow(.kilobits(3_000)))
        call.run(for: .seconds(8))
        #expect(try #require(call.estimates.last).bitrate > .kilobits(1_800))
        call.forward.settings.rate = .kilobits(500)
        call.run(for: .seconds(1))
        #expect(try #require(call.estimates.last).bitrate <= .kilobits(500))
        call.run(for: .seconds(1))
        #expect(Self.usualWait(in: call, for: .seconds(18)) < .milliseconds(40))
        #expect(Self.longestWait(in: call, for: .seconds(5)) < .milliseconds(150))
        #expect(try #require(call.estimates.last).bitrate >= .kilobits(375))
        #expect(call.audience.longestPause < .seconds(1))
        call.forward.settings.rate = .kilobits(3_000)
        call.run(for: .seconds(4))
        #expect(try #require(call.estimates.last).bitrate > .kilobits(1_900))
        #expect(Self.sentRate(in: call, for: .seconds(1)) > .kilobits(1_800))
    }

    @Test("a wider path is found from every moment of a long narrow time", arguments: 0..<6)
    func recovery(step: Int) throws {
        let call = try Self.call(Self.narrow(.kilobits(700)), upTo: .kilobits(2_500))
        call.run(for: .seconds(10) + .milliseconds(500) * step)
        call.forward.settings.rate = .kilobits(4_000)
        call.run(for: .seconds(4))
        #expect(try #require(call.estimates.last).bitrate > .kilobits(2_400))
    }

    @Test("a path cut for three seconds shows pictures again within half a second")
    func cut() throws {
        let call = try Self.call()
        call.run(for: .seconds(6))
        (call.forward.isDown, call.backward.isDown) = (true, true)
        call.run(for: .seconds(3))
        #expect(try #require(call.estimates.last).bitrate < .kilobits(700))
        (call.forward.isDown, call.backward.isDown) = (false, false)
        let mended = call.now
        call.run(for: .seconds(2))
        let next = try #require(call.audience.seen.first { $0.time > mended })
        #expect(next.time - mended < .milliseconds(400))
        #expect(try #require(call.estimates.last).bitrate > .kilobits(1_800))
    }

    @Test("a receiver that never reports arrivals does not keep the sender at the first rate")
    func neverReported() throws {
        let call = try Self.call()
        call.backward.isDown = true
        call.run(for: .seconds(5))
        #expect(try #require(call.estimates.last).bitrate > .kilobits(2_000))
    }

    @Test(
        "loss by chance does not bring the rate down, and repair keeps up with it",
        arguments: [0.05, 0.1, 0.15], 1...3 as ClosedRange<UInt64>)
    func randomLoss(loss: Double, seed: UInt64) throws {
        var settings = LinkModel.Settings.lossy
        (settings.loss, settings.delay) = (loss, .milliseconds(40))
        let call = try Self.call(settings, seed: seed)
        call.run(for: .seconds(10))
        var lowest = Bitrate.kilobits(100_000)
        for _ in 0..<20 {
            call.run(for: .seconds(1))
            lowest = min(lowest, try #require(call.estimates.last).bitrate)
        }
        #expect(lowest > .kilobits(1_500), "seed \(seed)")
        let most: Duration = loss > 0.1 ? .seconds(1) : .milliseconds(300)
        #expect(call.audience.freezes.total < most, "seed \(seed)")
    }

    @Test("half of everything lost brings the rate down")
    func heavyLoss() throws {
        let call = try Self.call()
        call.run(for: .seconds(6))
        call.forward.settings.loss = 0.5
        call.run(for: .seconds(6))
        #expect(try #require(call.estimates.last).bitrate < .kilobits(1_000))
    }

    @Test("in jitter and reordering the rate stays usable", arguments: 1...3)
    func jitter(seed: UInt64) throws {
        let call = try Self.call(.wifi, seed: seed)
        call.run(for: .seconds(20))
        #expect(try #require(call.estimates.last).bitrate > .kilobits(1_000), "seed \(seed)")
    }

    @Test("the numbers of all packets wrap unnoticed")
    func numbersWrap() throws {
        // 65,536 packets at 5 Mbit/s take two minutes.
        let call = try Self.call(upTo: .kilobits(5_000))
        call.run(for: .seconds(130))
        #expect(call.forward.sentCount > 70_000)
        #expect(try #require(call.estimates.last).bitrate > .kilobits(4_500))
        let changes = call.estimates.filter { $0.time > call.now - .seconds(60) }
        #expect(changes.allSatisfy { $0.bitrate > .kilobits(4_500) })
    }

    @Test("the receiver's own estimate counts only when it does not report arrivals")
    func receiverEstimate() throws {
        for (feedback, expected) in [("transport-cc", 1_000), ("nack", 600)] {
            var engine = PeerEngine.unprotected()
            engine.setSending(
                SendDescription(
                    kind: .video,
                    codecs: [
                        CodecDescription(PayloadType(96), "VP8", clockRate: 90_000, feedback: [feedback])
                    ],
                    extensions: HeaderExtensionMap([.transportSequence: 3]), cname: "a",
                    encodings: [.init(ssrc: SSRC(2_222))]),
                on: "1", at: .zero)
            var bytes: [UInt8] = []
            RTCPPacket.remb(.init(sender: SSRC(1), bitrate: .kilobits(600), ssrcs: [SSRC(2_222)]))
                .append(to: &bytes)
            engine.receive([bytes], from: PacketPool(), at: .zero)
            #expect(EngineOutputs(of: &engine).estimates == [.kilobits(expected)], "\(feedback)")
        }
    }
}
