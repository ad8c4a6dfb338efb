import MediaCore

/// Decides when a publisher is asked for a key picture.
///
/// Many subscribers may need one at once; the publisher is asked at most twice a second for each layer, and again each
/// second until the key picture has come.
struct KeyframeRequests: Sendable {
    private struct Layer {
        /// Whether somebody waits for a key picture.
        var isWanted = false
        /// When the publisher was last asked.
        var asked: MonotonicTime?
        /// Whether it was asked since the wish came up.
        var isAsked = false
    }

    private var layers: [Layer]

    /// Shortest time between two requests that have different causes.
    static let throttle = Duration.milliseconds(500)
    /// Time after which an unanswered request is repeated.
    static let patience = Duration.seconds(1)

    /// Makes the state for this many layers.
    init(count: Int) {
        layers = Array(repeating: Layer(), count: max(1, count))
    }

    /// Somebody needs a key picture of a layer.
    mutating func want(_ layer: Int) {
        guard layers.indices.contains(layer), !layers[layer].isWanted else { return }
        layers[layer].isWanted = true
        layers[layer].isAsked = false
    }

    /// A key picture has come, or nobody waits for it any more.
    mutating func settle(_ layer: Int) {
        guard layers.indices.contains(layer) else { return }
        layers[layer].isWanted = false
    }

    /// The next layer whose key picture is to be asked for now.
    mutating func nextRequest(at now: MonotonicTime) -> Int? {
        guard let layer = layers.indices.first(where: { due($0).map { $0 <= now } ?? false }) else {
            return nil
        }
        layers[layer].asked = now
        layers[layer].isAsked = true
        return layer
    }

    /// When `nextRequest(at:)` has something to say.
    var nextDeadline: Deadline? {
        layers.indices.compactMap(due).min().map { Deadline($0, .keyframe) }
    }

    private func due(_ index: Int) -> MonotonicTime? {
        let layer = layers[index]
        guard layer.isWanted else { return nil }
        guard let asked = layer.asked else { return .zero }
        return asked + (layer.isAsked ? Self.patience : Self.throttle)
    }
}
