package import MediaCore

/// Says when a participant's pictures are to be shown so that lips meet voice. One per participant.
///
/// Sender reports tie each stream's timestamps to one wall clock of the sender (RFC 3550 §6.4.1).
/// The speaker tells which sample is heard when. A picture is then due when the sound of the same
/// wall clock time is heard. While one of these is unknown, a picture is due when its jitter buffer
/// says so.
package struct PlayoutClock: Sendable {
    /// The two streams it relates.
    package enum Kind: Sendable {
        case audio, video
    }

    private struct Mapping: Sendable {
        var timestamp: UInt32
        var unixNanoseconds: Int64
        var clockRate: Int64

        func unixNanoseconds(of other: UInt32) -> Int64 {
            let ticks = Int64(Int32(bitPattern: other &- timestamp))
            return unixNanoseconds &+ ticks &* 1_000_000_000 / clockRate
        }
    }

    /// A picture may be seen so much before its sound is heard: nobody notices sound that is late by less than
    /// 125 ms (ITU-R BT.1359), we promise 40, and sound takes longer on its way, because it comes in packets of 20 ms.
    private static let lead: Duration = .milliseconds(25)
    /// A picture waits for its sound this long at most; beyond it the reports are not to be trusted.
    private static let longestWait: Duration = .milliseconds(600)
    private static let trustedDifference: Duration = .seconds(3)
    /// A step of the sound's delay that is not smoothed: it began anew.
    private static let soundStep: Duration = .milliseconds(400)
    /// What was heard so long ago says nothing any more.
    private static let soundMemory: Duration = .seconds(2)

    private var audio: Mapping?
    private var video: Mapping?
    /// How far our clock is from the sender's wall clock when a sample is heard, smoothed: its delay and the
    /// difference of the clocks together.
    private var soundOffset: Int64?
    private var heardTimestamp: (timestamp: UInt32, time: MonotonicTime)?
    /// What sound makes pictures wait beyond their own jitter buffer, smoothed; negative when
    /// pictures are late.
    private var difference: Int64?

    /// Makes a clock that knows nothing and shows pictures at once.
    package init() {}

    /// Takes a sender report of one of the participant's streams.
    package mutating func receive(senderReport report: SenderReport, kind: Kind, clockRate: Int) {
        let mapping = Mapping(
            timestamp: report.timestamp, unixNanoseconds: report.ntp.unixNanoseconds,
            clockRate: Int64(max(1, clockRate)))
        switch kind {
        case .audio:
            audio = mapping
            if let heardTimestamp {
                audioPlayed(timestamp: heardTimestamp.timestamp, at: heardTimestamp.time)
            }
        case .video: video = mapping
        }
    }

    /// The sample of `timestamp` is heard at `time`.
    package mutating func audioPlayed(timestamp: UInt32, at time: MonotonicTime) {
        heardTimestamp = (timestamp, time)
        guard let audio else { return }
        let offset = time.nanoseconds &- audio.unixNanoseconds(of: timestamp)
        let step = offset &- (soundOffset ?? offset)
        // Packets of 20 ms: three quarters of a step are followed in a tenth of a second.
        soundOffset =
            step.magnitude > UInt64(Self.soundStep.inNanoseconds)
            ? offset : (soundOffset ?? offset) &+ step / 4
    }

    /// When the picture of `timestamp` is to be shown; `ready` is when its jitter buffer would show
    /// it.
    package mutating func presentTime(
        forVideo timestamp: UInt32, ready: MonotonicTime
    ) -> MonotonicTime {
        guard let video, let soundOffset, let heardTimestamp, ready - heardTimestamp.time < Self.soundMemory
        else {
            difference = nil
            return ready
        }
        let captured = video.unixNanoseconds(of: timestamp)
        let due = captured &+ soundOffset
        let wait = due &- ready.nanoseconds
        guard wait.magnitude < UInt64(Self.trustedDifference.inNanoseconds) else { return ready }
        let smooth = difference.map { $0 + (wait - $0) / 8 } ?? wait
        difference = smooth
        return ready + min(max(.nanoseconds(wait) - Self.lead, .zero), Self.longestWait)
    }

    /// How much later pictures are ready than their sound is heard: sound should wait that much
    /// longer than it does now. Negative when pictures wait for sound; `nil` while the two are not
    /// related.
    package var audioLag: Duration? {
        difference.map { min(max(.nanoseconds(-$0), .zero - Self.longestWait), Self.longestWait) }
    }
}
