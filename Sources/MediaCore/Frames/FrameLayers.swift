/// Where an encoded picture stands among the layers of its stream.
package struct FrameLayers: Hashable, Sendable {
    /// Temporal layer; 0 is the base.
    package var temporalLayer: UInt8
    /// Whether it is predicted from pictures of temporal layer 0 only, so that a receiver may
    /// begin to take this layer here.
    package var isSwitchingPoint: Bool
    /// Whether no other picture depends on it.
    package var isDiscardable: Bool
    /// How many pictures back those lie from which it is predicted, the nearest first.
    package var references: [Int]
    /// The parts of the picture, lowest first; empty when it has only one.
    package var spatial: [SpatialLayer]

    /// Makes a place.
    package init(
        temporalLayer: UInt8 = 0, isSwitchingPoint: Bool = false, isDiscardable: Bool = false,
        references: [Int] = [], spatial: [SpatialLayer] = []
    ) {
        self.temporalLayer = temporalLayer
        self.isSwitchingPoint = isSwitchingPoint
        self.isDiscardable = isDiscardable
        self.references = references
        self.spatial = spatial
    }
}

/// One size of a picture that is encoded in several sizes at once.
package struct SpatialLayer: Hashable, Sendable {
    /// Where its bytes are in the frame.
    package var range: Range<Int>
    /// Pixels in a row.
    package var width: Int
    /// Rows.
    package var height: Int
    /// Whether it is predicted from earlier pictures.
    package var isInterPicture: Bool
    /// Whether it is predicted from the layer below.
    package var dependsOnLowerLayer: Bool
    /// Whether the layer above is predicted from it.
    package var isReferencedByUpperLayer: Bool

    /// Describes a layer.
    package init(
        range: Range<Int>, width: Int, height: Int, isInterPicture: Bool, dependsOnLowerLayer: Bool,
        isReferencedByUpperLayer: Bool
    ) {
        self.range = range
        self.width = width
        self.height = height
        self.isInterPicture = isInterPicture
        self.dependsOnLowerLayer = dependsOnLowerLayer
        self.isReferencedByUpperLayer = isReferencedByUpperLayer
    }
}
