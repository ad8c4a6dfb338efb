internal import MediaCore

/// Decides when the server is told at what size each track is drawn.
///
/// What comes into view is told at once, more pixels soon, fewer pixels or none later: a window that is
/// being resized and a face that is out of sight for a moment must not cost a key frame each. A change
/// that keeps changing is told after a second at the latest.
struct AdaptiveStream: Sendable {
    /// How long a new track may be without a size before it is asked for in full.
    static let firstWait: Duration = .milliseconds(200)
    /// Wait before a larger size is asked for.
    static let growWait: Duration = .milliseconds(100)
    /// Wait before a smaller size, or none, is asked for.
    static let shrinkWait: Duration = .milliseconds(500)
    private static let longestWait: Duration = .seconds(1)

    private struct Track: Sendable {
        var sizes = DrawnSizes()
        /// What the server was told.
        var told: DrawnDemand?
        /// Since when something else is wanted, and when that is told.
        var pending: (since: MonotonicTime, due: MonotonicTime)?
    }

    private var tracks: [String: Track] = [:]
    private var outputs: [(sid: String, demand: DrawnDemand)] = []

    /// A track begins: the server sends it at its lowest size until told otherwise.
    mutating func begin(_ sid: String, at now: MonotonicTime) {
        var track = tracks[sid] ?? Track()
        reconsider(&track, at: now)
        tracks[sid] = track
    }

    /// A track is gone.
    mutating func end(_ sid: String) {
        tracks[sid] = nil
    }

    /// A renderer of a track changed.
    mutating func receive(_ change: RendererChange, of sid: String, at now: MonotonicTime) {
        var track = tracks[sid] ?? Track()
        track.sizes.receive(change)
        reconsider(&track, at: now)
        tracks[sid] = track
    }

    /// Does what is due.
    mutating func advance(to now: MonotonicTime) {
        for sid in tracks.keys.sorted() {
            guard let track = tracks[sid], let pending = track.pending, pending.due <= now else { continue }
            tracks[sid]?.told = track.sizes.demand
            tracks[sid]?.pending = nil
            outputs.append((sid, track.sizes.demand))
        }
    }

    /// The next track to tell the server about.
    mutating func nextOutput() -> (sid: String, demand: DrawnDemand)? {
        outputs.isEmpty ? nil : outputs.removeFirst()
    }

    /// When `advance(to:)` has something to do.
    var nextDeadline: MonotonicTime? {
        tracks.values.compactMap(\.pending?.due).min()
    }

    private func reconsider(_ track: inout Track, at now: MonotonicTime) {
        let wanted = track.sizes.demand
        guard wanted != track.told else { return track.pending = nil }
        let since = track.pending?.since ?? now
        let due = min(now + Self.wait(from: track.told, to: wanted), since + Self.longestWait)
        track.pending = (since, due)
    }

    private static func wait(from old: DrawnDemand?, to new: DrawnDemand) -> Duration {
        switch (old, new) {
        case (nil, .size), (.hidden?, _): .zero
        case (nil, _): firstWait
        case (_, .full): growWait
        case (.size(let old)?, .size(let new)) where new.width > old.width || new.height > old.height:
            growWait
        default: shrinkWait
        }
    }
}
