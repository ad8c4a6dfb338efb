/// What one packet of video says about its picture before the picture is complete.
package struct PayloadInfo: Hashable, Sendable {
    /// Whether a picture can begin with this packet. VP8 and VP9 say it exactly. In H.264 and AV1
    /// several packets of one picture may qualify, so there the packet behind the end of the picture
    /// before counts.
    package var startsFrame: Bool
    /// Whether the picture ends with this packet; `nil` when only a new timestamp will tell.
    package var endsFrame: Bool?
    /// Whether the packet shows that decoding may start with its picture; mostly only the first packet does.
    package var isKeyframe: Bool
    /// Number of the picture; wraps at 7 or 15 bits.
    package var pictureID: UInt16?
    /// Number of the latest picture of temporal layer 0; wraps.
    package var tl0PictureIndex: UInt8?
    /// Temporal layer; 0 is the base.
    package var temporalLayer: UInt8?
    /// Spatial layer; 0 is the base.
    package var spatialLayer: UInt8?
    /// Whether a receiver may begin to take this temporal layer here.
    package var isLayerSync: Bool
    /// Whether no other picture depends on this one.
    package var isDiscardable: Bool
    /// Size of the picture, where a key frame says it.
    package var size: PictureSize?

    /// Makes an info.
    package init(
        startsFrame: Bool, endsFrame: Bool?, isKeyframe: Bool, pictureID: UInt16? = nil,
        tl0PictureIndex: UInt8? = nil, temporalLayer: UInt8? = nil, spatialLayer: UInt8? = nil,
        isLayerSync: Bool = false, isDiscardable: Bool = false, size: PictureSize? = nil
    ) {
        self.startsFrame = startsFrame
        self.endsFrame = endsFrame
        self.isKeyframe = isKeyframe
        self.pictureID = pictureID
        self.tl0PictureIndex = tl0PictureIndex
        self.temporalLayer = temporalLayer
        self.spatialLayer = spatialLayer
        self.isLayerSync = isLayerSync
        self.isDiscardable = isDiscardable
        self.size = size
    }
}

/// Width and height of a picture in pixels.
package struct PictureSize: Hashable, Sendable {
    /// Pixels in a row.
    package var width: Int
    /// Rows.
    package var height: Int

    /// Makes a size.
    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}
