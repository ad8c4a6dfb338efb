import MediaCore
import RTP
import Testing

/// Pictures and sound of one participant over time, whose delays change.
@Suite("Pictures follow sound")
struct PicturesFollowSoundTests {
    /// What happens between capturing and hearing or showing, in milliseconds, at a time of the call.
    private struct Delays {
        /// Network and jitter buffer of the sound.
        var sound: (Double) -> Double
        /// From the speaker's buffer to the ear.
        var speaker: (Double) -> Double
        /// Network and jitter buffer of the pictures.
        var pictures: (Double) -> Double
    }

    /// Pictures are shown so many milliseconds before their sound is heard.
    private static let lead = 25.0

    private static func report(_ timestamp: UInt32, at wall: Double) -> SenderReport {
        SenderReport(
            ssrc: SSRC(1), ntp: NTPTime(unixNanoseconds: 1_700_000_000_000_000_000 + Int64(wall * 1e6)),
            timestamp: timestamp, packetCount: 1, octetCount: 1, blocks: [])
    }

    private static func time(_ milliseconds: Double) -> MonotonicTime {
        MonotonicTime(nanoseconds: Int64(milliseconds * 1e6))
    }

    /// How much later each picture is shown than its sound is heard, by time of capture.
    private static func run(seconds: Int, _ delays: Delays) -> [(captured: Double, offset: Double)] {
        var clock = PlayoutClock()
        var result: [(captured: Double, offset: Double)] = []
        for millisecond in 0..<seconds * 1_000 {
            let now = Double(millisecond)
            if millisecond % 1_000 == 300 {
                clock.receive(
                    senderReport: report(UInt32(millisecond * 48) &- 9, at: now), kind: .audio,
                    clockRate: 48_000)
                clock.receive(
                    senderReport: report(UInt32(millisecond * 90) &- 7, at: now), kind: .video,
                    clockRate: 90_000)
            }
            // What is captured now is told to the clock when the speaker is given it: order does not matter here.
            if millisecond % 20 == 0 {
                let heard = now + delays.sound(now) + delays.speaker(now)
                clock.audioPlayed(timestamp: UInt32(millisecond * 48) &- 9, at: time(heard))
            }
            guard millisecond % 33 == 0 else { continue }
            let shown = clock.presentTime(
                forVideo: UInt32(millisecond * 90) &- 7, ready: time(now + delays.pictures(now)))
            let heard = now + delays.sound(now) + delays.speaker(now)
            result.append((now, (shown - time(heard)).inMilliseconds))
        }
        return result
    }

    /// From one value to another between two times.
    private static func ramp(_ from: Double, _ to: Double, _ begin: Double, _ end: Double) -> (Double) ->
        Double
    {
        { from + (to - from) * min(max(($0 - begin) / (end - begin), 0), 1) }
    }

    @Test("when the delay of the sound grows and shrinks, lips stay within 40 ms of the voice")
    func soundDelayChanges() {
        let grow = Self.ramp(60, 300, 3_000, 5_000)
        let shrink = Self.ramp(0, 220, 8_000, 11_000)
        let offsets = Self.run(
            seconds: 14, Delays(sound: { grow($0) - shrink($0) }, speaker: { _ in 80 }, pictures: { _ in 50 })
        )
        #expect(offsets.filter { $0.captured > 400 }.allSatisfy { abs($0.offset) < 40 })
        #expect(offsets.filter { $0.captured > 12_000 }.allSatisfy { abs($0.offset + Self.lead) < 6 })
    }

    @Test("the delay of the speaker counts, and a speaker that changes it is followed")
    func speakerDelay() {
        let offsets = Self.run(
            seconds: 6,
            Delays(sound: { _ in 60 }, speaker: { $0 < 3_000 ? 20 : 180 }, pictures: { _ in 50 }))
        #expect(
            offsets.filter { (500..<3_000).contains($0.captured) }.allSatisfy {
                abs($0.offset + Self.lead) < 6
            })
        #expect(offsets.filter { $0.captured > 3_400 }.allSatisfy { abs($0.offset) < 40 })
        #expect(offsets.filter { $0.captured > 4_000 }.allSatisfy { abs($0.offset + Self.lead) < 6 })
    }

    @Test("uneven pictures are evened out by the sound they wait for")
    func unevenPictures() {
        var generator = SeededGenerator(seed: 4)
        var delays: [Double: Double] = [:]
        let offsets = Self.run(
            seconds: 6,
            Delays(
                sound: { _ in 100 }, speaker: { _ in 60 },
                pictures: { time in
                    delays[time, default: .random(in: 40...130, using: &generator)] += 0
                    return delays[time] ?? 40
                }))
        #expect(offsets.filter { $0.captured > 400 }.allSatisfy { abs($0.offset + Self.lead) < 6 })
    }
}
