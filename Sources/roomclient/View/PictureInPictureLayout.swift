import Devices

/// Where two pictures go: the large one fills the canvas, the small one lies over its bottom right corner.
///
/// The small picture is a quarter as wide as the large one and 20 pixels away from its edges; both keep
/// their shapes.
struct PictureInPictureLayout: Hashable, Sendable {
    /// Where the large picture goes.
    let large: PixelRect
    /// Where the small one goes; `nil` when there is no room for it.
    let small: PixelRect?

    private static let share = 4
    private static let margin = 20

    /// `large`, `small`: sizes of the pictures; without a large one, its place is the whole canvas.
    init(canvas: PixelSize, large: PixelSize?, small: PixelSize?) {
        let whole = PixelRect(x: 0, y: 0, width: max(0, canvas.width), height: max(0, canvas.height))
        self.large = large.map { Self.fit($0, into: whole) } ?? whole
        self.small = small.flatMap { [large = self.large] in Self.corner(of: large, for: $0) }
    }

    /// The largest rectangle of a shape inside another, centred.
    private static func fit(_ size: PixelSize, into frame: PixelRect) -> PixelRect {
        guard size.width > 0, size.height > 0, frame.width > 0, frame.height > 0 else { return frame }
        var (width, height) = (frame.width, frame.height)
        if frame.width * size.height > frame.height * size.width {
            width = max(1, frame.height * size.width / size.height)
        } else {
            height = max(1, frame.width * size.height / size.width)
        }
        return PixelRect(
            x: frame.x + (frame.width - width) / 2, y: frame.y + (frame.height - height) / 2, width: width,
            height: height)
    }

    private static func corner(of frame: PixelRect, for size: PixelSize) -> PixelRect? {
        let width = frame.width / share
        // A shape nobody knows counts as 4 to 3.
        let height = size.width > 0 && size.height > 0 ? width * size.height / size.width : width * 3 / 4
        guard width > 0, height > 0, height + 2 * margin <= frame.height, width + 2 * margin <= frame.width
        else {
            return nil
        }
        return PixelRect(
            x: frame.x + frame.width - margin - width, y: frame.y + frame.height - margin - height,
            width: width,
            height: height)
    }
}
