/// A size in pixels.
package struct PixelSize: Hashable, Sendable {
    package var width: Int
    package var height: Int

    /// Makes a size.
    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

/// A rectangle in pixels, from the top left corner of the canvas.
package struct PixelRect: Hashable, Sendable {
    package var x: Int
    package var y: Int
    package var width: Int
    package var height: Int

    /// Makes a rectangle.
    package init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// Whether it has no pixel.
    var isEmpty: Bool { width <= 0 || height <= 0 }

    /// The part that lies within a canvas of this size.
    func clipped(to size: PixelSize) -> PixelRect {
        let (left, top) = (max(0, x), max(0, y))
        let (right, bottom) = (min(size.width, x + width), min(size.height, y + height))
        return PixelRect(x: left, y: top, width: max(0, right - left), height: max(0, bottom - top))
    }

    /// The largest rectangle of the given shape inside this one, centred: letterboxing.
    func fitting(width sourceWidth: Int, height sourceHeight: Int) -> PixelRect {
        guard sourceWidth > 0, sourceHeight > 0, !isEmpty else {
            return PixelRect(x: x, y: y, width: 0, height: 0)
        }
        var fitted = self
        if width * sourceHeight > height * sourceWidth {
            fitted.width = max(1, height * sourceWidth / sourceHeight)
        } else {
            fitted.height = max(1, width * sourceHeight / sourceWidth)
        }
        fitted.x = x + (width - fitted.width) / 2
        fitted.y = y + (height - fitted.height) / 2
        return fitted
    }
}
