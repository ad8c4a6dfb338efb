import MediaCore

/// The order of VP9 pictures in three temporal layers (0, 2, 1, 2) and what each of their sizes is predicted from.
///
/// The scheme is L3T3_KEY of "Scalable Video Coding (SVC) Extension for WebRTC" §6: sizes are predicted from one another
/// in key pictures only, so a receiver of one size needs the others no more afterwards. A picture that rate control
/// dropped has no place, so the next takes it.
struct VP9LayerPattern: Sendable {
    /// One place in the pattern.
    struct Place: Sendable {
        let layers: FrameLayers
        /// The kind of buffer it is predicted from; `nil` in a key picture.
        let source: Buffer?
        /// The kind of buffer it is kept in; `nil` when nothing will be predicted from it.
        let target: Buffer?
    }

    /// VP9 has eight buffers: each size has one for each kind.
    enum Buffer: Int32, Sendable {
        /// The latest picture of temporal layer 0.
        case base = 0
        /// The latest picture of temporal layer 1.
        case middle = 3

        /// The number of the buffer of a size.
        func slot(ofSize size: Int) -> Int32 { rawValue + Int32(size) }
    }

    /// Temporal layers.
    static let layerCount = 3
    /// Shares of the bitrate that the layers 0, 0-1 and 0-2 get together.
    static let cumulativeShares = [0.5, 0.7, 1.0]
    /// How many pictures come to one of the layers 0, 0-1 and 0-2.
    static let decimators: [UInt32] = [4, 2, 1]

    private var index = 0

    /// Where the next picture stands.
    func place(isKeyframe: Bool) -> Place { isKeyframe ? Self.keyframe : Self.places[index] }

    /// The picture has come out; a key picture begins anew.
    mutating func advance(isKeyframe: Bool) {
        index = isKeyframe ? 1 : (index + 1) % Self.places.count
    }

    private static let keyframe = Place(
        layers: FrameLayers(isSwitchingPoint: true), source: nil, target: .base)

    private static let places = [
        Place(
            layers: FrameLayers(temporalLayer: 0, isSwitchingPoint: true, references: [4]), source: .base,
            target: .base),
        Place(
            layers: FrameLayers(
                temporalLayer: 2, isSwitchingPoint: true, isDiscardable: true, references: [1]),
            source: .base, target: nil),
        Place(
            layers: FrameLayers(temporalLayer: 1, isSwitchingPoint: true, references: [2]), source: .base,
            target: .middle),
        Place(
            layers: FrameLayers(temporalLayer: 2, isDiscardable: true, references: [1]), source: .middle,
            target: nil),
    ]
}
