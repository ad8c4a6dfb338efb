import MediaCore

/// Knows which simulcast layers of a track are being sent at the moment.
///
/// A publisher that is short of bandwidth stops its upper layers without a word. A layer counts as stopped when it has
/// been silent for a quarter of a second in which lower layers have brought several pictures; so a still screen share, whose
/// layers are all slow, stays alive.
struct LayerLiveness: Sendable {
    private struct Layer {
        /// When its last packet came; `nil` = it was never sent.
        var seen: MonotonicTime?
        /// Pictures of lower layers since then.
        var missed = 0
    }

    private var layers: [Layer]

    private static let silence = Duration.milliseconds(250)
    private static let pictures = 8

    /// Makes the state of a track with this many layers.
    init(count: Int) {
        layers = Array(repeating: Layer(), count: max(1, count))
    }

    /// How many layers were announced.
    var count: Int { layers.count }

    /// A packet of a layer has come; answers whether the layer was not being sent before.
    @discardableResult
    mutating func receive(_ layer: Int, startsFrame: Bool, at now: MonotonicTime) -> Bool {
        guard layers.indices.contains(layer) else { return false }
        let isNew = !isLive(layer, at: now)
        layers[layer] = Layer(seen: now)
        guard startsFrame else { return isNew }
        for upper in layers.indices where upper > layer { layers[upper].missed += 1 }
        return isNew
    }

    /// Whether a layer is being sent.
    func isLive(_ layer: Int, at now: MonotonicTime) -> Bool {
        guard layers.indices.contains(layer), let seen = layers[layer].seen else { return false }
        return layers[layer].missed < Self.pictures || now - seen < Self.silence
    }

    /// The best live layer up to `wanted`, else the lowest live one above it; `nil` = nothing is sent.
    func best(upTo wanted: Int?, at now: MonotonicTime) -> Int? {
        let live = layers.indices.filter { isLive($0, at: now) }
        return live.last { $0 <= wanted ?? .max } ?? live.first
    }
}
