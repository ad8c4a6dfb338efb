import PeerConnection

/// Which media section of a subscriber carries which track.
///
/// With one peer connection the client makes the sections and offers them for receiving; the server fills them in its
/// answers and asks for more when there are not enough. With two, the server makes them itself. Either way a section
/// that became free is used again for the next track of its kind.
struct SectionPlan: Sendable {
    /// A section in which the client receives.
    private struct Section {
        let mid: MediaID
        let kind: MediaKind
        /// What it carries; `nil` = nothing at the moment.
        var track: TrackSID?
    }

    private var sections: [Section] = []
    /// Tracks without a section, oldest first.
    private var waiting: [(track: TrackSID, kind: MediaKind)] = []

    /// Makes a plan without sections.
    init() {}

    /// A track is to be carried; answers its section when one is free.
    mutating func add(_ track: TrackSID, _ kind: MediaKind) -> MediaID? {
        guard let index = sections.firstIndex(where: { $0.track == nil && $0.kind == kind }) else {
            waiting.append((track, kind))
            return nil
        }
        sections[index].track = track
        return sections[index].mid
    }

    /// A track is not to be carried any more; answers the section that became free.
    mutating func remove(_ track: TrackSID) -> MediaID? {
        waiting.removeAll { $0.track == track }
        guard let index = sections.firstIndex(where: { $0.track == track }) else { return nil }
        sections[index].track = nil
        return sections[index].mid
    }

    /// There is a section in which the client receives; answers the track that waited for it.
    mutating func offer(_ mid: MediaID, _ kind: MediaKind) -> TrackSID? {
        guard !sections.contains(where: { $0.mid == mid }) else { return nil }
        let index = waiting.firstIndex { $0.kind == kind }
        let track = index.map { waiting.remove(at: $0).track }
        sections.append(Section(mid: mid, kind: kind, track: track))
        return track
    }

    /// How many tracks of a kind wait for a section.
    func missing(_ kind: MediaKind) -> Int {
        waiting.count { $0.kind == kind }
    }

    /// What each section carries.
    var tracks: [String: String] {
        sections.reduce(into: [:]) { map, section in
            if let track = section.track { map[section.mid.value] = track.text }
        }
    }
}

/// Says when the next exchange of descriptions may begin, so that there is never more than one under way.
struct ExchangePacer: Sendable {
    /// Whether an exchange is under way.
    private(set) var isBusy: Bool
    /// Whether another one is needed after it.
    private var isNeeded = false

    /// Makes a pacer; a client that offers by itself first is busy from the start.
    init(isBusy: Bool) {
        self.isBusy = isBusy
    }

    /// Something has changed that the client must learn.
    mutating func need() {
        isNeeded = true
    }

    /// Whether an exchange is to begin now; it counts as begun.
    mutating func begin() -> Bool {
        guard isNeeded, !isBusy else { return false }
        isNeeded = false
        isBusy = true
        return true
    }

    /// The client began an exchange by itself, and learns in it whatever has changed.
    mutating func clientBegan() {
        isNeeded = false
        isBusy = true
    }

    /// The exchange is over.
    mutating func finish() {
        isBusy = false
    }
}
