internal import MediaCore

/// Leaves pictures out evenly, so that fewer come than are captured.
///
/// A picture is taken when its time has come within half a distance between captured ones; the plan moves on by whole
/// steps, so that the mean rate is right although the pictures come unevenly.
struct FramePacing: Sendable {
    private var next: MonotonicTime?

    /// Whether the picture taken at `time` is one of `wanted` per second; `captured` come per second.
    mutating func takes(_ time: MonotonicTime, wanted: Double, captured: Double) -> Bool {
        guard wanted < captured, wanted > 0 else {
            next = nil
            return true
        }
        let tolerance = Duration.seconds(0.5 / captured)
        guard let due = next else {
            next = time + .seconds(1 / wanted)
            return true
        }
        guard time >= due - tolerance else { return false }
        let following = due + .seconds(1 / wanted)
        // After a pause there is nothing to catch up on.
        next = following > time ? following : time + .seconds(1 / wanted)
        return true
    }
}
