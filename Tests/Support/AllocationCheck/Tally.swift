import AllocationCounter

/// Allocations on one path, counted over many packets.
struct Tally {
    /// What happens on the path.
    let name: String
    /// Allocations allowed per frame; per packet none is.
    let allowedPerFrame: Int
    private var allocations: UInt64 = 0
    private var packets = 0
    private var frames = 0
    private var isCounting = false
    private var isTraced = false

    init(_ name: String, allowedPerFrame: Int = 0) {
        self.name = name
        self.allowedPerFrame = allowedPerFrame
    }

    /// The caches are warm: counts from now on. `traced` is the name of the path whose allocations are shown.
    mutating func start(traced: String?) {
        isCounting = true
        isTraced = traced == name
    }

    /// Something of the path begins; hand the result to `end`.
    func begin() -> UInt64 {
        if isTraced { allocation_trace(true) }
        return allocation_count()
    }

    /// It has ended, having handled so many packets and frames.
    mutating func end(_ start: UInt64, packets: Int = 0, frames: Int = 0, isCounted: Bool = true) {
        let count = allocation_count()
        if isTraced { allocation_trace(false) }
        guard isCounting, isCounted else { return }
        allocations += count - start
        self.packets += packets
        self.frames += frames
    }

    /// So many packets and frames came out.
    mutating func note(packets: Int = 0, frames: Int = 0) {
        guard isCounting else { return }
        self.packets += packets
        self.frames += frames
    }

    /// Whether nothing was allocated but what frames may cost.
    var isFine: Bool { packets > 1_000 && frames >= 0 && allocations <= UInt64(frames * allowedPerFrame) }

    /// One line for people.
    var line: String {
        let rule = allowedPerFrame == 0 ? "none allowed" : "\(allowedPerFrame) a frame allowed"
        let what = "\(allocations) allocations for \(packets) packets, \(frames) frames (\(rule))"
        return "\(isFine ? "ok  " : "FAIL")  \(name): \(what)"
    }
}
