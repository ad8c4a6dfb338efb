import Devices
import MediaCore
import RoomKit
import Synchronization

/// Looks at the pictures of a track: how many, how large, which of them carry a readable timecode.
final class PictureWatcher: VideoSink {
    struct Seen: Sendable {
        var frames = 0
        var readable = 0
        var numbers: [UInt64] = []
        var latencies: [Duration] = []
        var width = 0
        var height = 0
    }

    private let state = Mutex(Seen())

    var seen: Seen { state.withLock { $0 } }

    func receive(_ frame: VideoFrame) {
        let now = SystemClock.now
        let time = Timecode.read(frame, row: Timecode.timeRow)
        let number = Timecode.read(frame, row: Timecode.numberRow)
        state.withLock { seen in
            seen.frames += 1
            (seen.width, seen.height) = (frame.width, frame.height)
            guard let time, let number else { return }
            seen.readable += 1
            seen.numbers.append(number)
            seen.latencies.append(now - MonotonicTime(microseconds: Int64(clamping: time)))
        }
    }
}

/// Listens to a track: how much came, how loud, and at which frequency it crosses zero.
final class SoundWatcher: AudioRenderer {
    private let state = Mutex<[Int16]>([])

    /// The last second.
    var lastSecond: [Int16] { state.withLock { Array($0.suffix(48_000)) } }
    var sampleCount: Int { state.withLock { $0.count } }

    func render(_ frame: AudioFrame) {
        state.withLock { $0.append(contentsOf: frame.samples) }
    }

    /// Rising zero crossings per second of the last second.
    var frequency: Int {
        let samples = lastSecond
        return zip(samples, samples.dropFirst()).count { $0 < 0 && $1 >= 0 }
    }

    /// Root mean square of the last second.
    var loudness: Double {
        let samples = lastSecond
        guard !samples.isEmpty else { return 0 }
        return (samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count)).squareRoot()
    }
}
