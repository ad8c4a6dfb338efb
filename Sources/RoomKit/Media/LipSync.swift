internal import MediaCore
internal import RTP

/// One participant's playout clock between two threads.
///
/// The clock itself lives on the network thread, where sender reports and pictures arrive. The speaker thread tells
/// through a ring what it plays, and reads how much longer sound should wait. Neither waits for the other.
final class LipSync: Sendable {
    private struct Played: Sendable {
        let timestamp: UInt32
        let time: MonotonicTime
    }

    // SAFETY: used on the network thread only, by the methods that say so.
    private nonisolated(unsafe) var clock = PlayoutClock()
    private let played = SPSCRing<Played>(capacity: 64)
    private let lagMicroseconds = AtomicNumber()
    /// When the lag was measured; far back while sound and pictures are not related.
    private let lagMeasured = AtomicNumber()
    /// A lag is true only while pictures come.
    private static let longestTrust: Duration = .milliseconds(500)

    /// A sender report of one of the participant's streams. Network thread.
    func receive(_ report: SenderReport, kind: PlayoutClock.Kind) {
        clock.receive(senderReport: report, kind: kind, clockRate: kind == .audio ? 48_000 : 90_000)
    }

    /// When a picture is to be shown. Network thread.
    func presentTime(of frame: EncodedFrame) -> MonotonicTime {
        while let position = played.next() {
            clock.audioPlayed(timestamp: position.timestamp, at: position.time)
        }
        let ready = frame.presentAt ?? SystemClock.now
        let time = clock.presentTime(forVideo: frame.timestamp, ready: ready)
        lagMeasured.value = clock.audioLag == nil ? 0 : Int(SystemClock.now.nanoseconds)
        lagMicroseconds.value = Int((clock.audioLag ?? .zero).inNanoseconds / 1_000)
        return time
    }

    /// A sample is heard at `time`. Speaker thread; lost without harm when no pictures come.
    func audioPlayed(timestamp: UInt32, at time: MonotonicTime) {
        _ = played.append(Played(timestamp: timestamp, time: time))
    }

    /// How much later pictures are ready than their sound is heard; `nil` while that is not known. Speaker thread.
    func audioLag(at now: MonotonicTime) -> Duration? {
        let measured = MonotonicTime(nanoseconds: Int64(lagMeasured.value))
        return now - measured < Self.longestTrust ? .microseconds(lagMicroseconds.value) : nil
    }
}
