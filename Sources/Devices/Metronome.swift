import Glibc
import MediaCore

/// Beats at a steady rate on the monotonic clock; beats are counted from the start, so errors never add up.
///
/// After a pause of more than a second (a stopped process) it starts anew instead of hurrying after lost
/// time.
struct Metronome {
    /// Longest sleep before cancellation is looked at again.
    private static let slice: Duration = .milliseconds(10)
    private static let longestHurry: Duration = .seconds(1)

    /// Nanoseconds from beat to beat; a fraction for rates like 29.97.
    private let interval: Double
    private var start: MonotonicTime
    /// Beats since `start`.
    private var beat = 0

    /// Starts now; the first beat is at once.
    init(beatsPerSecond: Double) {
        interval = 1e9 / max(beatsPerSecond, 0.001)
        start = SystemClock.now
    }

    /// Waits for the next beat; false when the task was cancelled meanwhile. Returns within 10 ms of that.
    mutating func wait() -> Bool {
        let due = start + .nanoseconds(Int64(Double(beat) * interval))
        beat += 1
        if SystemClock.now - due > Self.longestHurry {
            start = SystemClock.now
            beat = 1
            return !Task.isCancelled
        }
        return Self.sleep(until: due)
    }

    /// Sleeps in slices; false when the task was cancelled meanwhile.
    static func sleep(until due: MonotonicTime) -> Bool {
        while !Task.isCancelled {
            let now = SystemClock.now
            guard now < due else { return true }
            sleepUninterrupted(until: min(due, now + slice))
        }
        return false
    }
}

private func sleepUninterrupted(until time: MonotonicTime) {
    var target = timespec(
        tv_sec: Int(time.nanoseconds / 1_000_000_000), tv_nsec: Int(time.nanoseconds % 1_000_000_000))
    while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &target, nil) == EINTR {}
}
