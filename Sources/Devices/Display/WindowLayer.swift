package import MediaCore

/// A picture and where it goes on the canvas; later layers cover earlier ones.
package struct WindowLayer: Sendable {
    /// The picture.
    package var frame: VideoFrame
    /// Where it goes; the picture keeps its shape and is centred in it.
    package var rect: PixelRect
    /// Whether left and right change places, as in a mirror.
    package var isMirrored: Bool

    /// Makes a layer.
    package init(frame: VideoFrame, rect: PixelRect, isMirrored: Bool = false) {
        self.frame = frame
        self.rect = rect
        self.isMirrored = isMirrored
    }
}

/// Text on the canvas; drawn over all layers. Any script and emoji, several lines by line feeds.
package struct WindowText: Hashable, Sendable {
    /// Which corner of the text the position is.
    package enum Anchor: Hashable, Sendable { case topLeft, topRight, bottomLeft, bottomRight, center }

    /// What it says.
    package var text: String
    /// Position of the anchor on the canvas.
    package var x: Int
    package var y: Int
    package var anchor: Anchor
    /// Height in typographic points.
    package var points: Int
    package var isBold: Bool
    /// Colour as 0xRRGGBB.
    package var color: UInt32
    /// Whether the picture behind it is darkened, so that it can be read on anything.
    package var hasBackground: Bool

    /// Makes a text.
    package init(
        _ text: String, x: Int, y: Int, anchor: Anchor = .topLeft, points: Int = 14, isBold: Bool = false,
        color: UInt32 = 0xFFFFFF, hasBackground: Bool = true
    ) {
        self.text = text
        self.x = x
        self.y = y
        self.anchor = anchor
        self.points = points
        self.isBold = isBold
        self.color = color
        self.hasBackground = hasBackground
    }
}
