import Codecs
import Testing

@Suite("Audio level")
struct AudioLevelMeterTests {
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
