/// One of the qualities in which a track is sent: a size, and a rate of pictures at that size.
struct TrackLayer: Hashable, Sendable {
    /// The size, smallest first: a simulcast stream, or a layer inside a scalable one.
    var spatial: Int
    /// The rate of pictures, slowest first: pictures of this temporal layer and of those below.
    var temporal: Int

    /// Sizes that are told apart; streams with more are not known.
    static let spatialCount = 4
    /// Rates of pictures that are told apart.
    static let temporalCount = 4

    /// The smallest and slowest.
    static let lowest = TrackLayer(spatial: 0, temporal: 0)
    /// Larger and faster than anything that is sent.
    static let highest = TrackLayer(spatial: spatialCount - 1, temporal: temporalCount - 1)

    /// Whether both numbers are in the grid.
    var isKnown: Bool {
        (0..<Self.spatialCount).contains(spatial) && (0..<Self.temporalCount).contains(temporal)
    }

    /// Its place when the grid is written row by row.
    var index: Int { spatial * Self.temporalCount + temporal }
}
