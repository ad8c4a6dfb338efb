import Codecs
import Glibc
import Testing

@Suite("Audio resampler and level")
struct AudioResamplerTests {
    @Test(
        "a tone of any rate and number of channels keeps frequency, level and length in the pipeline",
        arguments: [(8_000, 1), (16_000, 2), (44_100, 2), (48_000, 1), (48_000, 6), (96_000, 2)])
    func toPipeline(rate: Int, channels: Int) throws {
        let resampler = try AudioResampler(
            from: AudioFormat(sampleRate: rate, channelCount: channels), to: .pipeline)
        var heard: [Int16] = []
        for period in 0..<100 {
            let samples = (0..<rate / 100).flatMap { index in
                let time = Double(period * (rate / 100) + index) / Double(rate)
                return repeatElement(Int16(8_000 * sin(2 * .pi * 1_000 * time)), count: channels)
            }
            try samples.withUnsafeBufferPointer { try resampler.convert($0, into: &heard) }
        }
        try resampler.finish(into: &heard)
        #expect(abs(heard.count - 48_000) <= 48)
        #expect(abs(Sound.frequency(heard[2_400..<45_600]) - 1_000) < 3)
        if channels <= 2 {
            #expect(abs(Sound.power(heard[2_400..<45_600]).squareRoot() - 8_000 / 2.0.squareRoot()) < 60)
        }
    }

    @Test("mono becomes stereo with the same sound on both sides")
    func toStereo() throws {
        let resampler = try AudioResampler(
            from: .pipeline, to: AudioFormat(sampleRate: 48_000, channelCount: 2))
        var heard: [Int16] = []
        let tone = Sound.tone(frequency: 500, count: 4_800)
        try tone.withUnsafeBufferPointer { try resampler.convert($0, into: &heard) }
        #expect(heard.count == 9_600)
        #expect(stride(from: 0, to: heard.count, by: 2).allSatisfy { heard[$0] == heard[$0 + 1] })
        #expect(Sound.power(heard) > Sound.power(tone) / 3)
    }

    @Test(
        "impossible formats are refused", arguments: [(0, 1), (48_000, 0), (48_000, 9), (-1, 1), (.max, 2)])
    func impossibleFormats(rate: Int, channels: Int) {
        #expect(throws: CodecError.self) {
            try AudioResampler(from: AudioFormat(sampleRate: rate, channelCount: channels), to: .pipeline)
        }
    }

    @Test(
        "the level is in dB below full scale",
        arguments: [(1.0, 3), (0.5, 9), (0.1, 23), (0.001, 63), (0, 127)] as [(Double, UInt8)])
    func level(amplitude: Double, expected: UInt8) {
        let tone = Sound.tone(frequency: 1_000, count: 480, amplitude: amplitude)
        #expect(tone.withUnsafeBufferPointer { AudioLevelMeter.level(of: $0) } == expected)
    }

    @Test("an empty period and the loudest one have levels, too")
    func extremes() {
        #expect(AudioLevelMeter.level(of: UnsafeBufferPointer(start: nil, count: 0)) == 127)
        let loudest = [Int16](repeating: -32_768, count: 480)
        #expect(loudest.withUnsafeBufferPointer { AudioLevelMeter.level(of: $0) } == 0)
    }
}
