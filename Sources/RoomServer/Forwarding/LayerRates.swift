import MediaCore

/// What each layer of a track takes, and how many pictures it brings.
struct LayerRates: Hashable, Sendable {
    static let cellCount = TrackLayer.spatialCount * TrackLayer.temporalCount

    /// Whether larger sizes build on smaller ones, so that those are sent along.
    let isOneStream: Bool
    private var bits = [Int](repeating: 0, count: cellCount)
    private var pictures = [Double](repeating: 0, count: cellCount)

    /// Makes rates of a track that sends nothing.
    init(isOneStream: Bool) {
        self.isOneStream = isOneStream
    }

    /// Says what one temporal layer of one size adds.
    mutating func set(_ cell: Int, _ rate: Bitrate, framesPerSecond: Double) {
        guard bits.indices.contains(cell) else { return }
        bits[cell] = rate.bitsPerSecond
        pictures[cell] = framesPerSecond
    }

    /// Whether pictures of this size come.
    func isSent(_ spatial: Int) -> Bool { highestTemporal(of: spatial) != nil }

    /// The fastest temporal layer of a size; `nil` when the size is not sent.
    func highestTemporal(of spatial: Int) -> Int? {
        (0..<TrackLayer.temporalCount).last { hasPictures(TrackLayer(spatial: spatial, temporal: $0)) }
    }

    /// What forwarding up to a layer takes.
    func bitrate(upTo layer: TrackLayer) -> Bitrate {
        guard layer.isKnown else { return .zero }
        let sizes = isOneStream ? 0...layer.spatial : layer.spatial...layer.spatial
        var sum = 0
        for spatial in sizes {
            for temporal in 0...layer.temporal {
                sum += bits[TrackLayer(spatial: spatial, temporal: temporal).index]
            }
        }
        return Bitrate(bitsPerSecond: sum)
    }

    /// The slowest temporal layer that brings about this many pictures per second at a size.
    func temporal(reaching framesPerSecond: Double, at spatial: Int) -> Int? {
        var sum = 0.0
        for temporal in 0..<TrackLayer.temporalCount {
            let layer = TrackLayer(spatial: spatial, temporal: temporal)
            guard layer.isKnown else { return nil }
            sum += pictures[layer.index]
            if sum >= 0.9 * framesPerSecond { return temporal }
        }
        return nil
    }

    private func hasPictures(_ layer: TrackLayer) -> Bool {
        layer.isKnown && (pictures[layer.index] > 0 || bits[layer.index] > 0)
    }
}
