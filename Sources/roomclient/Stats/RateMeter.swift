import MediaCore

/// What a track has moved in total.
struct TrackTotals: Hashable, Sendable {
    var bytes = 0
    var frames = 0
    /// Time spent encoding or decoding.
    var microseconds = 0
}

/// Rates of a track, from its totals at two moments.
struct TrackRates: Hashable, Sendable {
    var kilobitsPerSecond = 0.0
    var framesPerSecond = 0.0
    var millisecondsPerFrame = 0.0

    /// From one moment to another; totals that went backwards (a new session) count from zero.
    init(from old: TrackTotals, to new: TrackTotals, in span: Duration) {
        let start = new.bytes < old.bytes || new.frames < old.frames ? TrackTotals() : old
        let seconds = span.inSeconds
        guard seconds > 0 else { return }
        let frames = new.frames - start.frames
        kilobitsPerSecond = Double(new.bytes - start.bytes) * 8 / 1_000 / seconds
        framesPerSecond = Double(frames) / seconds
        if frames > 0 {
            millisecondsPerFrame = Double(new.microseconds - start.microseconds) / 1_000 / Double(frames)
        }
    }
}

/// Remembers the totals of every track and answers with rates since the last time and since the beginning.
struct RateMeter: Sendable {
    private struct Mark {
        let began: MonotonicTime
        var totals: TrackTotals
    }

    private var marks: [String: Mark] = [:]
    private var last: MonotonicTime

    /// Begins to measure.
    init(at now: MonotonicTime) { last = now }

    /// Rates since the last `advance(to:)`.
    mutating func measure(_ sid: String, _ totals: TrackTotals, at now: MonotonicTime) -> TrackRates {
        let old = marks[sid]
        marks[sid] = Mark(began: old?.began ?? last, totals: totals)
        return TrackRates(from: old?.totals ?? TrackTotals(), to: totals, in: now - last)
    }

    /// Rates since the track was first seen.
    func average(_ sid: String, at now: MonotonicTime) -> TrackRates {
        guard let mark = marks[sid] else {
            return TrackRates(from: TrackTotals(), to: TrackTotals(), in: .zero)
        }
        return TrackRates(from: TrackTotals(), to: mark.totals, in: now - mark.began)
    }

    /// The next interval begins.
    mutating func advance(to now: MonotonicTime) { last = now }
}
