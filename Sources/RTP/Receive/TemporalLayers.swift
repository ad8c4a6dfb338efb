import MediaCore

/// Which pictures can still be decoded after some in between were lost.
///
/// The base layer (0) depends on nothing but itself, and each picture says which base picture came
/// last (TL0PICIDX). A picture of an upper layer that is a layer sync depends on that base picture
/// alone (VP8, RFC 7741 §4.2); others may depend on whatever came before them in their layer and those
/// below, so after a loss they are of no use until a sync. VP9 says it the other way round: behind a
/// switching point, higher layers need nothing older than it (RFC 9628 §4.2).
struct TemporalLayers: Sendable {
    private let saysSyncOfNext: Bool
    /// Number of the last base picture that was handed out.
    private var base: UInt8?
    /// Layers, as bits, of which a picture is missing that later ones may need.
    private var broken: UInt8 = 0

    /// Makes layers of a stream of which nothing was lost.
    init(codec: MediaCodec) {
        saysSyncOfNext = codec == .vp9
    }

    /// Whether pictures were lost on which a picture depends that comes next in order.
    func isUsable(_ info: PayloadInfo) -> Bool {
        guard !info.isKeyframe, let layer = info.temporalLayer, layer > 0 else { return true }
        if info.isLayerSync, !saysSyncOfNext { return true }
        return broken & Self.upTo(layer) == 0
    }

    /// Whether a picture can be decoded although unknown ones before it are missing.
    func canFollow(_ info: PayloadInfo) -> Bool {
        if info.isKeyframe { return true }
        guard let base, let index = info.tl0PictureIndex, let layer = info.temporalLayer else { return false }
        if layer == 0 { return index == base &+ 1 }
        return info.isLayerSync && !saysSyncOfNext && index == base
    }

    /// A picture went to the decoder.
    mutating func decoded(_ info: PayloadInfo) {
        guard let layer = info.temporalLayer, layer > 0 else {
            base = info.tl0PictureIndex
            if info.isKeyframe || (info.isLayerSync && saysSyncOfNext) { broken = 0 }
            return
        }
        guard info.isLayerSync else { return }
        broken &= saysSyncOfNext ? Self.upTo(layer) : ~(1 << (layer & 7))
    }

    /// A picture of this kind will not be decoded.
    mutating func lost(_ info: PayloadInfo) {
        guard !info.isDiscardable else { return }
        broken |= ~Self.upTo(max(info.temporalLayer ?? 1, 1) - 1)
    }

    /// Pictures of which nothing is known will not be decoded.
    mutating func lostUnknown() {
        broken |= ~1
    }

    /// Layers 1 up to `layer`, as bits; none for 0.
    private static func upTo(_ layer: UInt8) -> UInt8 {
        (2 << (layer & 7)) &- 2
    }
}
