/// Remembers what was decided about the last pictures of a stream, so that late packets share the fate of theirs.
struct PictureDecisions: Sendable {
    private struct Entry {
        var timestamp: UInt32
        var layer: TrackLayer
    }

    private static let capacity = 32
    private var entries: [Entry] = []
    /// Which entry is the oldest, once all are used.
    private var oldest = 0
    private var newest: UInt32?

    /// Makes a memory without pictures.
    init() {}

    /// Whether this picture comes behind all that were noted.
    func isNewer(_ timestamp: UInt32) -> Bool {
        newest.map { Int32(bitPattern: timestamp &- $0) > 0 } ?? true
    }

    /// Up to which layer the picture with this timestamp is forwarded; `nil` = it is not known.
    func fate(of timestamp: UInt32) -> TrackLayer? {
        entries.first { $0.timestamp == timestamp }?.layer
    }

    /// Remembers a decision.
    mutating func note(_ timestamp: UInt32, _ layer: TrackLayer) {
        if isNewer(timestamp) { newest = timestamp }
        let entry = Entry(timestamp: timestamp, layer: layer)
        if entries.count < Self.capacity {
            entries.append(entry)
        } else {
            entries[oldest] = entry
            oldest = (oldest + 1) % Self.capacity
        }
    }
}
