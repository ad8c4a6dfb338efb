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

    @Test("a free path carries 90 % of what the encoder wants within five seconds", arguments: 1...3)
    func freePath(seed: UInt64) throws {
        let call = try Self.call(seed: seed)
        call.run(for: .seconds(5))
        #expect(try #require(call.estimates.first).bitrate <= .kilobits(1_500), "seed \(seed)")
        #expect(try #require(call.estimates.last).bitrate >= .kilobits(1_800 + 48), "seed \(seed)")
        #expect(Self.sentRate(in: call, for: .seconds(2)) >= .kilobits(1_800), "seed \(seed)")
        #expect(call.audience.longestFreeze < .milliseconds(200), "seed \(seed)")
    }

    @Test("a path narrower than the encoder's wish is used and not filled", arguments: 1...3)
    func narrowPath(seed: UInt64) throws {
        let call = try Self.call(Self.narrow(.kilobits(1_500)), upTo: .kilobits(3_000), seed: seed)
        call.run(for: .seconds(8))
        #expect(Self.usualWait(in: call, for: .seconds(10)) < .milliseconds(60), "seed \(seed)")
        let rate = Self.sentRate(in: call, for: .seconds(5))
        #expect((950...1_550).contains(rate.kilobitsPerSecond), "seed \(seed)")
    }

    @Test(
        "a drop from 3 Mbit/s to 500 kbit/s is followed within a second, and so is the recovery",
        arguments: 1...3)
    func drop(seed: UInt64) throws {
        let call = try Self.call(Self.narrow(.kilobits(3_000)), seed: seed)
        call.run(for: .seconds(8))
        #expect(try #require(call.estimates.last).bitrate > .kilobits(1_800), "seed \(seed)")
        call.forward.settings.rate = .kilobits(500)
        call.run(for: .seconds(1))
        #expect(try #require(call.estimates.last).bitrate <= .kilobits(550), "seed \(seed)")
        call.run(for: .seconds(4))
        #expect(Self.usualWait(in: call, for: .seconds(15)) < .milliseconds(100), "seed \(seed)")
        #expect(try #require(call.estimates.last).bitrate >= .kilobits(250), "seed \(seed)")
        call.forward.settings.rate = .kilobits(3_000)
        call.run(for: .seconds(20))
        #expect(try #require(call.estimates.last).bitrate > .kilobits(1_800), "seed \(seed)")
    }

    @Test("five percent loss by chance does not bring the rate down", arguments: 1...3)
    func randomLoss(seed: UInt64) throws {
        let call = try Self.call(.lossy, seed: seed)
        call.run(for: .seconds(10))
        var lowest = Bitrate.kilobits(100_000)
        for _ in 0..<20 {
            call.run(for: .seconds(1))
            lowest = min(lowest, try #require(call.estimates.last).bitrate)
        }
        #expect(lowest > .kilobits(1_400), "seed \(seed)")
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
        for (feedback, expected) in [("transport-cc", []), ("nack", [Bitrate.kilobits(600)])] {
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
            #expect(EngineOutputs(of: &engine).estimates == expected, "\(feedback)")
        }
    }
}
