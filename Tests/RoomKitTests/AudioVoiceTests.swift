import Codecs
import MediaCore
import PeerConnection
import RTP
import TestSupport
import Testing

@testable import RoomKit

@Suite("AudioVoice")
struct AudioVoiceTests {
    private static let start = MonotonicTime(nanoseconds: 5_000_000_000)

    /// A tone of 440 Hz in Opus packets of 20 ms.
    private static func packets(count: Int) throws -> [[UInt8]] {
        let encoder = try OpusEncoder(settings: OpusEncoderSettings(omitsSilence: false))
        return try (0..<count).map { number in
            var packet: [UInt8] = []
            try TonePhase.tone(440, from: number * 960, count: 960).withUnsafeBufferPointer {
                try encoder.encode($0, into: &packet)
            }
            return packet
        }
    }

    /// Plays packets in virtual time; `arrival` says when each of them comes, in milliseconds, `nil` = never.
    private static func listen(
        to packets: [[UInt8]], drift: Double = 1, arrival: (Int) -> Double?
    ) throws -> (heard: [Int16], receiver: AudioReceiver) {
        let receiver = AudioReceiver(sync: LipSync())
        let voice = try #require(AudioVoice(receiver))
        let media = MediaID("0")
        var coming = packets.indices.compactMap { number in arrival(number).map { (number, $0) } }
            .sorted { $0.1 < $1.1 }[...]
        var heard: [Int16] = []
        var period = [Int16](repeating: 0, count: 480)
        for step in 0..<packets.count * 2 {
            let milliseconds = Double(step) * 10 * drift
            while let (number, time) = coming.first, time <= milliseconds {
                receiver.receive(
                    audio: ReceivedAudioPacket(
                        sequence: Int64(number) + 65_500, timestamp: Int64(number) * 960 + 4_294_900_000,
                        arrival: start + .microseconds(Int64(time * 1_000)), bytes: packets[number]),
                    on: media)
                coming.removeFirst()
            }
            let now = start + .microseconds(Int64(milliseconds * 1_000))
            _ = period.withUnsafeMutableBufferPointer {
                voice.render(into: $0, at: now, playbackDelay: .zero)
            }
            heard += period
        }
        return (Array(heard.dropFirst(48_000)), receiver)
    }

    @Test("a tone has no gap when the sender, the network or the speaker stands still for a moment")
    func standstill() throws {
        let packets = try Self.packets(count: 900)
        let (heard, receiver) = try Self.listen(to: packets) { number in
            // Every three seconds everything of some 20 to 110 ms comes at once at its end.
            let (round, place) = (number / 150, number % 150)
            let length = 1 + round
            return Double(
                place >= 100 && place < 100 + length ? (number - place + 100 + length) * 20 : number * 20)
        }
        #expect(TonePhase.largestStep(of: heard, frequency: 440) < 0.05)
        #expect(receiver.counters.concealedMilliseconds.value > 20)
    }

    @Test("a tone has no gap when the clocks of sender and speaker drift apart", arguments: [0.999, 1.001])
    func drift(rate: Double) throws {
        let (heard, receiver) = try Self.listen(to: try Self.packets(count: 1_500), drift: rate) {
            Double($0) * 20
        }
        #expect(TonePhase.largestStep(of: heard, frequency: 440) < 0.05)
        #expect(receiver.counters.delayMilliseconds.value <= 40)
    }

    @Test("a lost packet is replaced by its copy or by made-up sound of its length: what follows is in time")
    func loss() throws {
        let packets = try Self.packets(count: 600)
        let (heard, receiver) = try Self.listen(to: packets) { $0 % 50 == 30 ? nil : Double($0) * 20 }
        let phases = TonePhase.phases(of: heard, frequency: 440)
        // A loss touches at most 80 ms; of 100 blocks of 10 ms the others are as they would be without it.
        let steps = zip(phases, phases.dropFirst(100)).map { abs($1 - $0 - ($1 - $0).rounded()) }
        #expect(steps.filter { $0 > 0.05 }.count < steps.count * 17 / 100)
        #expect(receiver.counters.recovered.value >= 10)
    }
}
