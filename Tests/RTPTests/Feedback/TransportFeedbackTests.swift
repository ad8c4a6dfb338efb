import MediaCore
import Testing

@testable import RTP

@Suite("Transport feedback")
struct TransportFeedbackTests {
    private func feedback(_ packets: [TransportFeedback.Status]) -> TransportFeedback {
        TransportFeedback(
            sender: SSRC(1), media: SSRC(2), feedbackCount: 3, baseSequence: 0x0102, referenceTime: 0x040506,
            packets: packets)
    }

    /// The bytes behind the fixed part: chunks, deltas, padding.
    private func tail(_ packets: [TransportFeedback.Status]) -> [UInt8] {
        Array(RTCPPacket.transportFeedback(feedback(packets)).bytes.dropFirst(20))
    }

    private func read(_ packets: Int, _ tail: [UInt8]) -> [TransportFeedback.Status]? {
        let words = UInt8(4 + (tail.count + 3) / 4)
        let bytes: [UInt8] =
            [0x8F, 205, 0, words, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 0, UInt8(packets), 4, 5, 6, 3] + tail
            + [UInt8](repeating: 0, count: (4 - tail.count % 4) % 4)
        guard case .transportFeedback(let result)? = RTCPPacket.parseCompound(bytes).first else { return nil }
        return result.packets
    }

    @Test("the fixed part has base, count, reference time and number")
    func fixedPart() {
        let bytes = RTCPPacket.transportFeedback(feedback([.received(delta250us: 9)])).bytes
        #expect(Array(bytes.prefix(20)) == [0x8F, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 0, 1, 4, 5, 6, 3])
    }

    @Test("equal packets are a run")
    func run() {
        let packets = [TransportFeedback.Status](repeating: .received(delta250us: 1), count: 15)
        #expect(Array(tail(packets).prefix(2)) == [0x20, 15])
        #expect(read(15, [0x20, 15] + [UInt8](repeating: 1, count: 15)) == packets)
    }

    @Test("mixed packets with small deltas are 14 to a word")
    func narrowVector() {
        let packets = (0..<14).map {
            $0 % 2 == 0 ? TransportFeedback.Status.received(delta250us: $0) : .notReceived
        }
        #expect(tail(packets) == [0b1010_1010, 0b1010_1010, 0, 2, 4, 6, 8, 10, 12, 0, 0, 0])
        #expect(read(14, tail(packets)) == packets)
    }

    @Test("mixed packets with large deltas are seven to a word")
    func wideVector() {
        let packets: [TransportFeedback.Status] = [
            .received(delta250us: 255), .received(delta250us: 256), .notReceived, .received(delta250us: -1),
        ]
        #expect(tail(packets) == [0b1101_1000, 0b1000_0000, 255, 1, 0, 0xFF, 0xFF, 0])
        #expect(read(4, tail(packets)) == packets)
    }

    @Test("a vector that is longer than the count is read as far as the count")
    func spareSymbols() {
        #expect(read(2, [0xBF, 0xFF, 7, 8]) == [.received(delta250us: 7), .received(delta250us: 8)])
        #expect(read(2, [0x20, 14, 7, 8]) == [.received(delta250us: 7), .received(delta250us: 8)])
    }

    @Test(
        "feedback that contradicts itself is left out",
        arguments: [[0x60, 1, 0, 0], [0xF0, 0, 0, 0], [0x20, 0, 0, 0], [], [0x20, 5, 1, 2]] as [[UInt8]])
    func malformed(tail: [UInt8]) {
        #expect(read(5, tail) == nil)
    }

    @Test("any mixture comes back as it was written", arguments: 0..<50 as Range<UInt64>)
    func randomRoundTrip(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var packets: [TransportFeedback.Status] = []
        while packets.count < 400 {
            let status: TransportFeedback.Status =
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: .notReceived
                case 1: .received(delta250us: Int.random(in: -32_768...32_767, using: &generator))
                default: .received(delta250us: Int.random(in: 0...255, using: &generator))
                }
            packets += [TransportFeedback.Status](
                repeating: status, count: Int.random(in: 1...30, using: &generator))
        }
        let packet = RTCPPacket.transportFeedback(feedback(packets))
        #expect(RTCPPacket.parseCompound(packet.bytes) == [packet])
    }

    @Test("deltas that do not fit are cut, not wrapped", arguments: [(40_000, 32_767), (-40_000, -32_768)])
    func clamping(delta: Int, written: Int) {
        let packet = RTCPPacket.transportFeedback(feedback([.received(delta250us: delta)]))
        #expect(
            RTCPPacket.parseCompound(packet.bytes)
                == [.transportFeedback(feedback([.received(delta250us: written)]))])
    }

    @Test("long runs are split")
    func longRun() {
        let packets = [TransportFeedback.Status](repeating: .notReceived, count: 0x1FFF + 1)
        #expect(tail(packets) == [0x1F, 0xFF, 0, 1])
    }
}
