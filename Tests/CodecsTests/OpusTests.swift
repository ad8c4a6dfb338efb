import Codecs
import MediaCore
import Testing

@Suite("Opus")
struct OpusTests {
    /// Encodes sound in packets of 20 ms.
    private func packets(_ sound: [Int16], settings: OpusEncoderSettings) throws -> [[UInt8]] {
        let encoder = try OpusEncoder(settings: settings)
        return try stride(from: 0, to: sound.count, by: 960 * settings.channelCount).map { start in
            var packet: [UInt8] = []
            try sound[start..<start + 960 * settings.channelCount].withUnsafeBufferPointer {
                try encoder.encode($0, into: &packet)
            }
            return packet
        }
    }

    /// Calls a decoder with room for `count` samples and returns what it wrote.
    private func samples(
        _ count: Int = 960, _ body: (UnsafeMutableBufferPointer<Int16>) throws -> Int
    ) rethrows -> [Int16] {
        try Array(unsafeUninitializedCapacity: count) { buffer, used in
            buffer.initialize(repeating: 0)
            used = try body(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        }
    }

    @Test("a tone keeps its frequency and level and has no gaps", arguments: [300.0, 1_000, 3_000])
    func tone(frequency: Double) throws {
        let sound = Sound.tone(frequency: frequency, count: 48_000)
        let decoder = try OpusDecoder()
        let heard = try packets(sound, settings: OpusEncoderSettings()).flatMap { packet in
            try samples { try decoder.decode(packet, into: $0) }
        }
        #expect(heard.count == 48_000)
        let steady = heard[4_800...]
        #expect(abs(Sound.frequency(steady) - frequency) < 4)
        for start in stride(from: 4_800, to: 48_000, by: 480) {
            let ratio = Sound.power(heard[start..<start + 480]) / Sound.power(sound[4_800...])
            #expect(ratio > 0.6 && ratio < 1.5)
        }
    }

    @Test("stereo packets are mixed down")
    func stereo() throws {
        let left = Sound.tone(frequency: 440, count: 9_600)
        let interleaved = Array(left.map { [$0, 0] as [Int16] }.joined())
        let decoder = try OpusDecoder()
        let settings = OpusEncoderSettings(channelCount: 2, bitrate: .kilobits(96))
        let heard = try packets(interleaved, settings: settings).flatMap { packet in
            try samples { try decoder.decode(packet, into: $0) }
        }
        #expect(heard.count == 9_600)
        #expect(abs(Sound.frequency(heard[4_800...]) - 440) < 15)
    }

    @Test("what a packet carries of the lost one before is nearer to the truth than concealment")
    func errorCorrection() throws {
        let sound = Sound.speech(count: 960 * 100)
        let settings = OpusEncoderSettings(
            bitrate: .kilobits(32), omitsSilence: false, expectedLossPercent: 30)
        let packets = try packets(sound, settings: settings)
        let (whole, corrected, concealed) = (try OpusDecoder(), try OpusDecoder(), try OpusDecoder())
        var (correctedError, concealedError) = (0.0, 0.0)
        for (index, packet) in packets.enumerated() {
            let truth = try samples { try whole.decode(packet, into: $0) }
            if index % 5 == 3, index + 1 < packets.count {
                let next = packets[index + 1]
                let first = try samples { try corrected.decodeFEC(from: next, into: $0) }
                let second = try samples { try concealed.conceal(into: $0) }
                #expect(first.count == 960 && second.count == 960)
                correctedError += zip(truth, first).reduce(0) { $0 + difference($1.0, $1.1) }
                concealedError += zip(truth, second).reduce(0) { $0 + difference($1.0, $1.1) }
            } else {
                _ = try samples { try corrected.decode(packet, into: $0) }
                _ = try samples { try concealed.decode(packet, into: $0) }
            }
        }
        #expect(correctedError < concealedError / 2)
    }

    private func difference(_ first: Int16, _ second: Int16) -> Double {
        let value = Double(first) - Double(second)
        return value * value
    }

    @Test("silence is not sent, and sound after it is")
    func silence() throws {
        let sound = [Int16](repeating: 0, count: 960 * 50) + Sound.speech(count: 960 * 10)
        let sizes = try packets(sound, settings: OpusEncoderSettings()).map(\.count)
        #expect(sizes[..<50].count { $0 == 0 } > 25)
        #expect(sizes[52...].allSatisfy { $0 > 10 })
    }

    @Test("a voice is coded as a voice at every rate, not as music", arguments: [32, 48, 64])
    func voice(kilobits: Int) throws {
        let settings = OpusEncoderSettings(bitrate: .kilobits(kilobits), expectedLossPercent: 0)
        let packets = try packets(Sound.speech(count: 960 * 150), settings: settings).filter { $0.count > 2 }
        // RFC 6716 §3.1: configurations from 16 on are CELT alone.
        #expect(packets.dropFirst(10).allSatisfy { $0[0] >> 3 < 16 })
    }

    @Test("a pause begins with a packet that says so: without it the receiver would take it for a loss")
    func announcesSilence() throws {
        let sound = Sound.speech(count: 960 * 10) + [Int16](repeating: 0, count: 960 * 100)
        let sizes = try packets(sound, settings: OpusEncoderSettings()).map(\.count)
        let pauses = sizes.indices.dropFirst().filter { sizes[$0] == 0 && sizes[$0 - 1] > 0 }
        #expect(!pauses.isEmpty)
        #expect(pauses.allSatisfy { (1...2).contains(sizes[$0 - 1]) })
    }

    @Test("wrong lengths throw")
    func wrongLengths() throws {
        let encoder = try OpusEncoder()
        var packet: [UInt8] = []
        #expect(throws: CodecError.self) {
            try [Int16](repeating: 0, count: 959).withUnsafeBufferPointer {
                try encoder.encode($0, into: &packet)
            }
        }
        let decoder = try OpusDecoder()
        #expect(throws: CodecError.self) { try samples { try decoder.decode([], into: $0) } }
        #expect(throws: CodecError.self) {
            try samples(100) { try decoder.decode([0x78, 1, 2, 3], into: $0) }
        }
        #expect(OpusDecoder.sampleCount(of: []) == nil)
        #expect(OpusDecoder.sampleCount(of: [0x78, 1, 2]) == 960)
    }

    @Test("10,000 damaged packets neither crash nor hang the decoder")
    func damage() throws {
        let packets = try packets(
            Sound.speech(count: 960 * 50), settings: OpusEncoderSettings(omitsSilence: false))
        let decoder = try OpusDecoder()
        var generator = SeededGenerator(seed: 7)
        var (decoded, refused) = (0, 0)
        for round in 0..<10_000 {
            let packet = packets[round % packets.count].damagedAsMedia(using: &generator)
            do {
                let heard = try samples(OpusDecoder.maximumSamples) {
                    round % 3 == 0
                        ? try decoder.decodeFEC(
                            from: packet, into: UnsafeMutableBufferPointer(rebasing: $0[..<960]))
                        : try decoder.decode(packet, into: $0)
                }
                decoded += 1
                #expect(heard.count <= OpusDecoder.maximumSamples)
            } catch {
                refused += 1
            }
        }
        #expect(decoded > 1_000)
        #expect(refused > 10)
    }
}
