internal import MediaCore

/// Notices that encoding takes more time than there is, and says how far the work is to be cut.
///
/// The busy share of the encoder's thread is taken over windows of two seconds: above 85 % one more step is cut, the
/// measure being that pictures begin to be missed there. A step is taken back when the work as it was before would fit
/// into 60 %, which is known from how much cheaper a picture became; after ten seconds at first, and twice as late each
/// time that it proves too early, up to two minutes. The thresholds are those of other real-time senders in kind, not in
/// number.
///
/// A value without clock: the owner measures and reports.
struct EncodeLoad: Sendable {
    private static let window = Duration.seconds(2)
    private static let overload = 0.85
    private static let comfortable = 0.6
    private static let fewestPictures = 10
    private static let shortestWait = Duration.seconds(10)
    private static let longestWait = Duration.seconds(120)

    /// One step that was cut.
    private struct Step {
        /// Time of a picture before it.
        let before: Duration
        /// How many times cheaper a picture became; known after the next window.
        var saving: Double?
    }

    /// Steps that make sense.
    let most: Int
    private var steps: [Step] = []
    private var busy = Duration.zero
    private var pictures = 0
    private var began: MonotonicTime?
    private var lastChange: MonotonicTime?
    private var wait = shortestWait

    /// Nothing is cut at first.
    init(most: Int) { self.most = most }

    /// How many steps are cut.
    var reduction: Int { steps.count }

    /// Takes the time that one picture took in all its layers.
    mutating func receive(encodeTime: Duration, at now: MonotonicTime) {
        busy += encodeTime
        pictures += 1
        guard let start = began else {
            began = now
            return restart(at: now)
        }
        let span = now - start
        guard span >= Self.window else { return }
        defer { restart(at: now) }
        // A camera that paused says nothing about the machine.
        guard pictures >= Self.fewestPictures, span < Self.window * 2 else { return }
        judge(share: busy.inSeconds / span.inSeconds, perPicture: busy / pictures, at: now)
    }

    private mutating func restart(at now: MonotonicTime) {
        began = now
        busy = .zero
        pictures = 0
    }

    private mutating func judge(share: Double, perPicture: Duration, at now: MonotonicTime) {
        if let last = steps.indices.last, steps[last].saving == nil {
            steps[last].saving = max(1, steps[last].before / max(perPicture, .microseconds(1)))
        }
        if share > Self.overload {
            guard steps.count < most else { return }
            // It was taken back too early.
            if let lastChange, now - lastChange < wait * 2 { wait = min(wait * 2, Self.longestWait) }
            steps.append(Step(before: perPicture))
            lastChange = now
        } else if let step = steps.last, let lastChange, now - lastChange >= wait,
            share * (step.saving ?? 1) < Self.comfortable
        {
            steps.removeLast()
            self.lastChange = now
        }
    }
}
