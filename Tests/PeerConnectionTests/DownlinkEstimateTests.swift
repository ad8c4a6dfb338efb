import MediaCore
import PeerConnection
import RTP
import RoomTestKit
import Testing

@Suite("Estimate of the downlink")
struct DownlinkEstimateTests {
    private static let map = HeaderExtensionMap([.absoluteSendTime: 2])
    private static let both = HeaderExtensionMap([.absoluteSendTime: 2, .transportSequence: 3])
    private static let pool = PacketPool()

    private static func vp8(_ feedback: [String]) -> CodecDescription {
        CodecDescription(PayloadType(96), "VP8", clockRate: 90_000, feedback: ["nack"] + feedback)
    }

    private static func makeReceiver(
        _ feedback: [String], extensions: HeaderExtensionMap = Self.map, kind: MediaKind = .video,
        mode: MediaMode = .frames
    ) -> PeerEngine {
        var engine = PeerEngine.unprotected()
        for source in [5, 6] as [UInt32] {
            engine.setReceiving(
                ReceiveDescription(
                    kind: kind, codecs: [vp8(feedback)], extensions: extensions,
                    sources: [.init(ssrc: SSRC(source))], mode: mode),
                on: MediaID("\(source)"), at: .zero)
        }
        return engine
    }

    /// A packet of nothing but padding, as rooms probe with.
    private static func padding(_ number: UInt16, at milliseconds: Int) -> [UInt8] {
        var bytes: [UInt8] = [0xB0, 96]
        bytes.append(bigEndian: number)
        bytes += [0, 0, 0, 0, 0, 0, 0, 5, 0xBE, 0xDE, 0, 1, 0x22]
        let time = UInt32(Double(milliseconds) * 262.144) & 0xFF_FFFF
        bytes += [UInt8(truncatingIfNeeded: time >> 16), UInt8(truncatingIfNeeded: time >> 8)]
        bytes.append(UInt8(truncatingIfNeeded: time))
        return bytes + [UInt8](repeating: 0, count: 254) + [255]
    }

    /// Feeds padding, a packet each millisecond, and collects the estimates that go back.
    private static func estimates(
        of engine: inout PeerEngine, during times: Range<Int>, every step: Int = 1
    ) -> [ReceiverEstimatedMaximumBitrate] {
        var estimates: [ReceiverEstimatedMaximumBitrate] = []
        for time in stride(from: times.lowerBound, to: times.upperBound, by: step) {
            let now = PeerEngineTests.time(Int64(time))
            let number = UInt16(truncatingIfNeeded: time / step)
            engine.receive([padding(number, at: time)], from: pool, at: now)
            if let due = engine.nextDeadline, due.time <= now { engine.advance(to: now) }
            for datagram in EngineOutputs(of: &engine).datagrams {
                for case .remb(let estimate) in RTCPPacket.parseCompound(datagram.span) {
                    estimates.append(estimate)
                }
            }
        }
        return estimates
    }

    @Test("where it was negotiated, the sender is told every second what all streams may use")
    func regular() throws {
        var engine = Self.makeReceiver(["goog-remb"])
        let estimates = Self.estimates(of: &engine, during: 0..<5_000)
        #expect(estimates.count == 5)
        let last = try #require(estimates.last)
        #expect(last.ssrcs == [SSRC(5), SSRC(6)])
        // A packet of 275 bytes each millisecond is 2.2 Mbit/s.
        #expect(last.bitrate > .kilobits(2_800) && last.bitrate < .kilobits(4_000))
    }

    @Test("padding counts: a probe raises the estimate")
    func probe() throws {
        var engine = Self.makeReceiver(["goog-remb"])
        let before = try #require(Self.estimates(of: &engine, during: 0..<4_000, every: 10).last)
        let after = try #require(Self.estimates(of: &engine, during: 4_000..<6_000).last)
        #expect(after.bitrate > before.bitrate * 5)
    }

    @Test("nothing is told where it was not negotiated")
    func notNegotiated() {
        var plain = Self.makeReceiver([])
        var other = Self.makeReceiver(["goog-remb", "transport-cc"], extensions: Self.both)
        var timeless = Self.makeReceiver(["goog-remb"], extensions: HeaderExtensionMap())
        var sound = Self.makeReceiver(["goog-remb"], kind: .audio)
        var room = Self.makeReceiver(["goog-remb"], mode: .packets)
        #expect(Self.estimates(of: &plain, during: 0..<3_000).isEmpty)
        #expect(Self.estimates(of: &other, during: 0..<3_000).isEmpty)
        #expect(Self.estimates(of: &timeless, during: 0..<3_000).isEmpty)
        #expect(Self.estimates(of: &sound, during: 0..<3_000).isEmpty)
        #expect(Self.estimates(of: &room, during: 0..<3_000).isEmpty)
    }

    @Test("nothing is told any more once the section ends")
    func ends() {
        var engine = Self.makeReceiver(["goog-remb"])
        #expect(!Self.estimates(of: &engine, during: 0..<2_000).isEmpty)
        for source in ["5", "6"] as [MediaID] {
            engine.setReceiving(nil, on: source, at: PeerEngineTests.time(2_000))
        }
        #expect(Self.estimates(of: &engine, during: 2_000..<5_000).isEmpty)
    }
}
