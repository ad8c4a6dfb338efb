import Foundation
import MediaCore
import Synchronization

/// A speaker that remembers what it played, in real time.
final class CapturingSink: AudioSink {
    private let samples = Mutex<[Int16]>([])

    /// The last second that was played.
    var lastSecond: [Int16] { samples.withLock { Array($0.suffix(48_000)) } }

    func open() throws -> any AudioOutput { Output(sink: self) }

    /// How loud the last second is at one frequency, 0...32,767 (Goertzel's algorithm).
    func loudness(at hertz: Double) -> Double {
        let sound = lastSecond
        let coefficient = 2 * cos(2 * Double.pi * hertz / 48_000)
        var (previous, beforeThat) = (0.0, 0.0)
        for sample in sound {
            (previous, beforeThat) = (Double(sample) + coefficient * previous - beforeThat, previous)
        }
        let power = previous * previous + beforeThat * beforeThat - coefficient * previous * beforeThat
        return 2 * power.squareRoot() / Double(max(1, sound.count))
    }

    private final class Output: AudioOutput {
        private let sink: CapturingSink
        private var next = ContinuousClock.now

        init(sink: CapturingSink) { self.sink = sink }

        var delay: Duration { .zero }

        func write(_ period: UnsafeBufferPointer<Int16>) {
            sink.samples.withLock { $0.append(contentsOf: period) }
            next += .milliseconds(10)
            let wait = ContinuousClock.now.duration(to: next)
            if wait > .zero { Thread.sleep(forTimeInterval: wait.inSeconds) }
        }

        func close() {}
    }
}
