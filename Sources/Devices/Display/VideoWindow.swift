import COpenCVShim
import Glibc
import MediaCore

/// The window that shows the call: pictures, text, keys and the close button.
///
/// It lives on the process's main thread, which the window system claims for ever. Draw with `show`, then
/// give it time with `pumpEvents`, in turn; both return within milliseconds.
@MainActor
package final class VideoWindow {
    /// The close button is believed only after the window had time to appear.
    private static let turnsBeforeCloseCounts = 10

    /// Size of the canvas: follows the window when the user resizes it. Lay out the next picture for it.
    package private(set) var size: PixelSize
    /// Whether the close button was pressed or `close()` was called.
    package private(set) var isClosed = false
    /// Whether the window fills the screen.
    package var isFullscreen = false {
        didSet { if !isClosed { rk_window_set_fullscreen(title, isFullscreen) } }
    }

    private let title: String
    private var canvas: BGRCanvas
    private let labels = LabelCache()
    private var turns = 0

    /// Opens the window. Throws one sentence when there is no display.
    package init(title: String, width: Int, height: Int) throws(DeviceError) {
        precondition(rk_is_main_thread(), "the window must be opened on the main thread of the process")
        try DisplayConnection.prepare()
        // Qt's remarks about styles and session folders mean nothing to a caller.
        setenv("QT_LOGGING_RULES", "*.debug=false;*.info=false;*.warning=false", 0)
        self.title = title
        canvas = BGRCanvas(size: PixelSize(width: width, height: height))
        size = canvas.size
        var message = rk_message()
        guard rk_window_open(title, Int32(size.width), Int32(size.height), &message) else {
            throw .noDisplay(reason: text(of: message.text))
        }
        show([])
    }

    /// Draws the layers from back to front, then the texts, and shows the result.
    package func show(_ layers: [WindowLayer], texts: [WindowText] = []) {
        guard !isClosed else { return }
        if canvas.size != size { canvas = BGRCanvas(size: size) }
        canvas.clear()
        for layer in layers { canvas.draw(layer) }
        for text in texts { draw(text) }
        labels.sweep()
        _ = rk_window_show(title, canvas.picture)
    }

    /// Handles events for at most `milliseconds` and returns a key if one was pressed.
    package func pumpEvents(milliseconds: Int = 8) -> WindowKey? {
        guard !isClosed else { return nil }
        let code = rk_window_poll(Int32(min(max(milliseconds, 1), 100)))
        turns += 1
        if turns > Self.turnsBeforeCloseCounts {
            if rk_window_is_visible(title) { followSize() } else { isClosed = true }
        }
        return WindowKey(code: Int(code))
    }

    /// Room that a text takes on the canvas.
    package func measure(_ text: WindowText) -> PixelSize {
        let sizes = lines(of: text).map(\.size)
        return PixelSize(width: sizes.map(\.width).max() ?? 0, height: sizes.map(\.height).reduce(0, +))
    }

    /// Writes what the window shows as PNG or JPEG, by the ending of the path.
    package func savePicture(to path: String) throws(DeviceError) {
        try PictureFile.write(canvas, to: path)
    }

    /// Takes the window away; nothing is shown afterwards.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        rk_window_close(title)
    }

    private func followSize() {
        var (width, height) = (Int32(0), Int32(0))
        guard rk_window_size(title, &width, &height), width >= 16, height >= 16 else { return }
        size = PixelSize(width: min(Int(width), 8_192), height: min(Int(height), 8_192))
    }

    private func lines(of text: WindowText) -> [Label] {
        text.text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
            labels.label(
                LabelCache.Key(
                    line: String(line), points: text.points, isBold: text.isBold, color: text.color))
        }
    }

    private func draw(_ text: WindowText) {
        let lines = lines(of: text)
        let height = lines.map(\.size.height).reduce(0, +)
        var y =
            switch text.anchor {
            case .topLeft, .topRight: text.y
            case .bottomLeft, .bottomRight: text.y - height
            case .center: text.y - height / 2
            }
        for line in lines {
            let x =
                switch text.anchor {
                case .topLeft, .bottomLeft: text.x
                case .topRight, .bottomRight: text.x - line.size.width
                case .center: text.x - line.size.width / 2
                }
            line.draw(on: canvas, x: x, y: y, hasBackground: text.hasBackground)
            y += line.size.height
        }
    }
}
