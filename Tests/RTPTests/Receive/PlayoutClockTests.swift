import MediaCore
import RTP
import Testing

@Suite("PlayoutClock")
struct PlayoutClockTests {
    private static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    private static func report(timestamp: UInt32, unixMilliseconds: Int64) -> SenderReport {
        SenderReport(
            ssrc: SSRC(1), ntp: NTPTime(unixNanoseconds: unixMilliseconds * 1_000_000), timestamp: timestamp,
            packetCount: 1, octetCount: 1, blocks: [])
    }

    /// Video and sound were both at `wall` when their timestamps were these.
    private static func synchronized(video: UInt32 = 90_000, audio: UInt32 = 48_000) -> PlayoutClock {
        var clock = PlayoutClock()
        let wall: Int64 = 1_700_000_000_000
        clock.receive(
            senderReport: report(timestamp: video, unixMilliseconds: wall), kind: .video, clockRate: 90_000)
        clock.receive(
            senderReport: report(timestamp: audio, unixMilliseconds: wall), kind: .audio, clockRate: 48_000)
        return clock
    }

    @Test("without reports, or without sound, a picture is shown when it is ready")
    func unknown() {
        var clock = PlayoutClock()
        let withoutReports = clock.presentTime(forVideo: 1, ready: Self.time(5))
        #expect(withoutReports == Self.time(5))
        clock.audioPlayed(timestamp: 48_000, at: Self.time(1))
        let withoutMapping = clock.presentTime(forVideo: 1, ready: Self.time(5))
        #expect(withoutMapping == Self.time(5))
    }

    @Test(
        "a picture waits for the sound of its time",
        arguments: [(90_000, 48_000), (UInt32.max - 100, UInt32.max - 50)] as [(UInt32, UInt32)])
    func waits(video: UInt32, audio: UInt32) {
        var clock = Self.synchronized(video: video, audio: audio)
        // The sound of wall + 20 ms is heard at 1,000 ms; that of wall + 40 ms 20 ms later, and the picture may
        // be 25 ms ahead.
        clock.audioPlayed(timestamp: audio &+ 960, at: Self.time(1_000))
        let shown = clock.presentTime(forVideo: video &+ 3_600, ready: Self.time(900))
        #expect(shown == Self.time(995))
        #expect(clock.audioLag == .milliseconds(-120))
    }

    @Test("when pictures are later than sound, they are shown at once and sound is told to wait")
    func soundWaits() {
        var clock = Self.synchronized()
        clock.audioPlayed(timestamp: 48_000, at: Self.time(1_000))
        let shown = clock.presentTime(forVideo: 90_000, ready: Self.time(1_150))
        #expect(shown == Self.time(1_150))
        #expect(clock.audioLag == .milliseconds(150))
    }

    @Test("nonsense in reports does not stop the picture")
    func nonsense() {
        var clock = Self.synchronized()
        clock.audioPlayed(timestamp: 48_000, at: Self.time(1_000))
        let far = clock.presentTime(forVideo: 90_000 + 90_000 * 60, ready: Self.time(1_000))
        #expect(far == Self.time(1_000))
        let near = clock.presentTime(forVideo: 90_000 + 90_000 * 2, ready: Self.time(1_000))
        #expect(near <= Self.time(1_600))
    }

    @Test("sound that stopped long ago does not hold pictures")
    func soundStopped() {
        var clock = Self.synchronized()
        clock.audioPlayed(timestamp: 48_000, at: Self.time(1_000))
        let shown = clock.presentTime(forVideo: 90_000 + 90_000 * 10, ready: Self.time(10_800))
        #expect(shown == Self.time(10_800))
    }

    @Test(
        "sound waits for late pictures until both are together, and no longer",
        arguments: [60, 150, 300] as [Int64])
    func soundFollows(lateness: Int64) {
        var clock = Self.synchronized(video: 0, audio: 0)
        var buffer = AudioJitterBuffer()
        var presented: MonotonicTime?
        var offsets: [Double] = []
        // Media time zero is captured at 1,000 ms; sound takes 20 ms, and pictures that long and `lateness` more.
        var nextSound = 1_032.0
        for step in 0..<3_000 as Range<Int64> {
            let now = 1_020 + step * 20
            buffer.receive(
                ReceivedAudioPacket(
                    sequence: step, timestamp: step * 960, arrival: Self.time(now), bytes: [1, 2, 3]))
            buffer.pictureLag = clock.audioLag
            while nextSound < Double(now + 20) {
                let heard = Self.time(0) + .microseconds(Int64(nextSound * 1_000))
                let output = buffer.next(at: heard)
                nextSound += output.milliseconds
                guard case .packet(let packet, _) = output else { continue }
                clock.audioPlayed(timestamp: UInt32(packet.timestamp), at: heard)
                guard let presented, step > 1_000 else { continue }
                // Where the sound of the picture last shown was, or will be, heard.
                let media = Duration.nanoseconds(packet.timestamp * 1_000_000_000 / 48_000)
                offsets.append((heard - media - presented).inMilliseconds)
            }
            guard step * 20 >= lateness, step % 2 == 0 else { continue }
            let media = step * 20 - lateness
            let ready = Self.time(1_000 + media + 20 + lateness)
            let time = clock.presentTime(forVideo: UInt32(media * 90), ready: ready)
            presented = time - .milliseconds(media)
        }
        #expect(offsets.count > 900)
        #expect(offsets.allSatisfy { abs($0) < 40 })
    }
}
