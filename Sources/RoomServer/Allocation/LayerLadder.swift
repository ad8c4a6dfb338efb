import MediaCore

/// The layers of one track in the order in which they are worth having, with what each takes.
///
/// A camera keeps its rate of pictures: only its smallest size is slowed down. A screen keeps its sharpness: every size is
/// slowed down before it is given up.
struct LayerLadder: Hashable, Sendable {
    /// One layer on the ladder.
    struct Rung: Hashable, Sendable {
        /// The layer.
        var layer: TrackLayer
        /// What forwarding up to it takes.
        var cost: Bitrate
    }

    /// From the least to the best; each takes more than the one before. Empty = nothing is being sent.
    private(set) var rungs: [Rung] = []

    /// Makes the ladder of a track that is wanted up to `maximum`.
    init(_ rates: LayerRates, upTo maximum: TrackLayer, isScreen: Bool) {
        var isSmallest = true
        for spatial in 0..<TrackLayer.spatialCount where spatial <= maximum.spatial || rungs.isEmpty {
            guard let fastest = rates.highestTemporal(of: spatial) else { continue }
            let top = min(fastest, maximum.temporal)
            for temporal in 0...top where isScreen || isSmallest || temporal == top {
                add(TrackLayer(spatial: spatial, temporal: temporal), rates)
            }
            isSmallest = false
        }
    }

    private mutating func add(_ layer: TrackLayer, _ rates: LayerRates) {
        let cost = rates.bitrate(upTo: layer)
        guard cost > .zero else { return }
        // What is better and takes less leaves no reason for the other.
        while let last = rungs.last, last.cost >= cost { rungs.removeLast() }
        rungs.append(Rung(layer: layer, cost: cost))
    }

    /// The place of the best rung that is no better than `layer`.
    func place(of layer: TrackLayer) -> Int? {
        rungs.lastIndex { rung in
            rung.layer.spatial < layer.spatial
                || rung.layer.spatial == layer.spatial && rung.layer.temporal <= layer.temporal
        }
    }
}
