import Codecs
import Foundation
import MediaCore
import TestSupport
import Testing

@Suite("StretchableSound")
struct StretchableSoundTests {
    /// Vowel-like: many harmonics of a low pitch.
    private static func voice(_ pitch: Double, from first: Int, count: Int) -> [Int16] {
        (first..<first + count).map { index in
            let phase = 2 * Double.pi * pitch * Double(index) / 48_000
            var sum = 0.0
            for harmonic in 1...12 {
                let number = Double(harmonic)
                sum += 4_000 / number * sin(phase * number + number * number)
            }
            return Int16(sum)
        }
    }

    private static func noise(count: Int) -> [Int16] {
        var generator = SeededGenerator(seed: 5)
        return (0..<count).map { _ in Int16.random(in: -8_000...8_000, using: &generator) }
    }

    private static func play(_ count: Int, from sound: inout StretchableSound) -> [Int16] {
        var period = [Int16](repeating: 0, count: min(count, sound.count))
        period.withUnsafeMutableBufferPointer { sound.play(into: $0) }
        return period
    }

    private static func append(_ samples: [Int16], to sound: inout StretchableSound) {
        samples.withUnsafeBufferPointer { sound.append($0) }
    }

    /// Plays a sound whose supply stalls, piles up and drifts.
    private static func playUnevenly(_ make: (Int, Int) -> [Int16]) -> (heard: [Int16], changed: Int) {
        var sound = StretchableSound()
        var heard: [Int16] = []
        var changed = 0
        for packet in 0..<300 {
            append(make(packet * 960, 960), to: &sound)
            switch packet % 20 {
            case 5: changed += sound.shorten(.repetition)
            case 10: changed += sound.lengthen(.repetition)
            case 15:
                heard += play(sound.count, from: &sound)
                for _ in 0..<3 {
                    changed += sound.drawOut(atLeast: 480)
                    heard += play(480, from: &sound)
                }
            default: break
            }
            heard += play(960, from: &sound)
        }
        return (heard, changed)
    }

    @Test(
        "a tone keeps its phase, however its supply stalls and piles up",
        arguments: [220.0, 440, 443, 1_000, 3_017])
    func phase(frequency: Double) {
        let (heard, changed) = Self.playUnevenly { TonePhase.tone(frequency, from: $0, count: $1) }
        #expect(changed > 40 * 120)
        #expect(TonePhase.largestStep(of: heard, frequency: frequency) < 0.05)
    }

    @Test("a voice has no clicks where time was taken out or put in", arguments: [80.0, 120, 210, 333])
    func clicks(pitch: Double) {
        func steepest(_ samples: [Int16]) -> Int {
            zip(samples, samples.dropFirst()).map { abs(Int($0) - Int($1)) }.max() ?? 0
        }
        let (heard, changed) = Self.playUnevenly { Self.voice(pitch, from: $0, count: $1) }
        #expect(changed > 40 * 120)
        #expect(steepest(heard) <= steepest(Self.voice(pitch, from: 0, count: 48_000)) * 5 / 4)
    }

    @Test("noise is left alone unless it is urgent: no two places of it are alike")
    func noise() {
        var sound = StretchableSound()
        Self.append(Self.noise(count: 1_920), to: &sound)
        #expect(sound.shorten(.repetition) == 0)
        #expect(sound.lengthen(.repetition) == 0)
        #expect(sound.count == 1_920)
    }

    @Test("silence can be cut anywhere")
    func silence() {
        var sound = StretchableSound()
        Self.append([Int16](repeating: 3, count: 1_920), to: &sound)
        let removed = sound.shorten(.repetition)
        #expect(removed >= 120)
        #expect(sound.count == 1_920 - removed)
        let added = sound.lengthen(.repetition)
        #expect(sound.count == 1_920 - removed + added)
    }

    @Test("in a pause of a voice its length changes though nothing in it repeats, elsewhere it does not")
    func pauses() {
        var sound = StretchableSound()
        Self.append(Self.voice(120, from: 0, count: 4_800), to: &sound)
        #expect(sound.shorten(.pause) == 0)
        #expect(sound.lengthen(.pause) == 0)
        _ = Self.play(4_800, from: &sound)
        // Inside of a word it is silent for a moment, too.
        for expected in [0, 0, 480] {
            Self.append(Self.noise(count: 960).map { $0 / 100 }, to: &sound)
            #expect(sound.shorten(.pause) >= expected)
        }
        Self.append(Self.noise(count: 960).map { $0 / 100 }, to: &sound)
        #expect(sound.lengthen(.pause) >= 240)
    }

    @Test("a faint sound is no pause when nothing louder was heard for long")
    func faintSound() {
        var sound = StretchableSound()
        Self.append(Self.voice(120, from: 0, count: 960), to: &sound)
        for _ in 0..<600 {
            Self.append(Self.noise(count: 960).map { $0 / 100 }, to: &sound)
            _ = Self.play(960, from: &sound)
        }
        #expect(sound.shorten(.pause) == 0)
    }

    @Test("too little sound is left as it is, and nothing is drawn out before anything was heard")
    func tooLittle() {
        var sound = StretchableSound()
        #expect(sound.drawOut(atLeast: 480) == 0)
        Self.append(TonePhase.tone(440, from: 0, count: 300), to: &sound)
        #expect(sound.shorten(.anywhere) == 0)
        #expect(sound.lengthen(.repetition) == 0)
        #expect(sound.drawOut(atLeast: 480) == 0)
        #expect(sound.count == 300)
    }

    @Test("a sound that is drawn out dies away within 160 ms, and comes back without a click")
    func diesAway() {
        var sound = StretchableSound()
        Self.append(TonePhase.tone(440, from: 0, count: 1_920), to: &sound)
        _ = Self.play(1_920, from: &sound)
        var levels: [Int] = []
        for _ in 0..<18 {
            #expect(sound.drawOut(atLeast: 480) >= 480)
            levels.append(Self.play(480, from: &sound).map { abs(Int($0)) }.max() ?? 0)
            _ = Self.play(sound.count, from: &sound)
        }
        #expect(levels[0] > 9_500)
        #expect(levels[17] == 0)
        #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 + 60 >= $1 })
        Self.append(TonePhase.tone(440, from: 1_930, count: 960), to: &sound)
        #expect(abs(Int(Self.play(1, from: &sound)[0])) < 200)
    }
}
