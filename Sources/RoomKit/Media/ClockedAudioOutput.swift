internal import Foundation
internal import MediaCore

/// Takes sound at the pace at which a speaker would, and drops it.
final class ClockedAudioOutput: AudioOutput {
    private var next = SystemClock.now

    var delay: Duration { .zero }

    func write(_ period: UnsafeBufferPointer<Int16>) {
        next += .milliseconds(10)
        let wait = next - SystemClock.now
        if wait > .zero {
            Thread.sleep(forTimeInterval: wait.inSeconds)
        } else if wait < .milliseconds(-500) {
            next = SystemClock.now
        }
    }

    func close() {}
}
