import MediaCore

/// Decides when a publisher is asked for a key picture.
///
/// Many subscribers may need one at once; the publisher is asked at most every 300 ms for each layer. A request that
/// nothing follows, perhaps because it was lost, is repeated after two round trips, with growing pauses, until the key
/// picture has come.
struct KeyframeRequests: Sendable {
    private struct Layer {
        /// Whether somebody waits for a key picture.
        var isWanted = false
        /// When the publisher was last asked.
        var asked: MonotonicTime?
        /// How often it was asked since the wish came up.
        var count = 0
    }

    private var layers: [Layer]
    /// Time from a request to the key picture, as far as known.
    private var roundTrip: Duration = .milliseconds(100)

    /// Shortest time between two requests that have different causes.
    static let throttle = Duration.milliseconds(300)
    /// Time after which an unanswered request is repeated, at the longest.
    static let patience = Duration.seconds(1)
    /// What the publisher's encoder and the way of a large picture take besides the round trip.
    private static let encoding = Duration.milliseconds(150)

    /// Makes the state for this many layers.
    init(count: Int) {
        layers = Array(repeating: Layer(), count: max(1, count))
    }

    /// Says how long the publisher's answers take.
    mutating func update(roundTrip: Duration) {
        self.roundTrip = roundTrip
    }

    /// Somebody needs a key picture of a layer.
    mutating func want(_ layer: Int) {
        guard layers.indices.contains(layer), !layers[layer].isWanted else { return }
        layers[layer].isWanted = true
        layers[layer].count = 0
    }

    /// A packet has come; a key picture is what was wished for, unless those who wait cannot begin with it.
    mutating func receive(_ packet: PublishedPacket) {
        if packet.isKeyframe, !packet.isLate { settle(packet.stream) }
    }

    /// A key picture has come, or nobody waits for it any more.
    mutating func settle(_ layer: Int) {
        guard layers.indices.contains(layer) else { return }
        layers[layer].isWanted = false
    }

    /// Forgets the wishes that nobody has any more: whoever waited goes on with another layer, or has gone.
    mutating func settle(unless isAwaited: (Int) -> Bool) {
        for layer in layers.indices where layers[layer].isWanted && !isAwaited(layer) {
            layers[layer].isWanted = false
        }
    }

    /// The next layer whose key picture is to be asked for now.
    mutating func nextRequest(at now: MonotonicTime) -> Int? {
        guard let layer = layers.indices.first(where: { due($0).map { $0 <= now } ?? false }) else {
            return nil
        }
        layers[layer].asked = now
        layers[layer].count += 1
        return layer
    }

    /// Whether a key picture of any layer is wanted.
    var isWaiting: Bool { layers.contains { $0.isWanted } }

    /// When `nextRequest(at:)` has something to say.
    var nextDeadline: Deadline? {
        layers.indices.compactMap(due).min().map { Deadline($0, .keyframe) }
    }

    private func due(_ index: Int) -> MonotonicTime? {
        let layer = layers[index]
        guard layer.isWanted else { return nil }
        guard let asked = layer.asked else { return .zero }
        guard layer.count > 0 else { return asked + Self.throttle }
        var pause = roundTrip * 2 + Self.encoding
        for _ in 1..<min(layer.count, 8) { pause = pause * 3 / 2 }
        return asked + min(pause, Self.patience)
    }
}
