import COpenCVShim
import MediaCore

/// Rendered lines of text, kept while they are drawn: rendering costs more than drawing. The main thread
/// only.
@MainActor
final class LabelCache {
    /// What makes two lines the same picture.
    struct Key: Hashable {
        var line: String
        var points: Int
        var isBold: Bool
        var color: UInt32
    }

    /// Labels that nobody drew since the last sweep are forgotten when there are more than this.
    private static let limit = 96

    private var labels: [Key: Label] = [:]
    private var drawn: Set<Key> = []

    /// The label for a line, rendered if it is new; `nil` when the text system fails.
    func label(_ key: Key) -> Label? {
        drawn.insert(key)
        if let label = labels[key] { return label }
        guard let label = Label(key) else { return nil }
        labels[key] = label
        return label
    }

    /// Forgets what was not drawn in this picture, once there is too much. Call after each picture.
    func sweep() {
        if labels.count > Self.limit { labels = labels.filter { drawn.contains($0.key) } }
        drawn.removeAll(keepingCapacity: true)
    }
}

/// One rendered line.
@MainActor
final class Label {
    let size: PixelSize
    // SAFETY: made and used on the main thread; the deinit frees plain memory, which any thread may do.
    private nonisolated(unsafe) let handle: OpaquePointer

    init?(_ key: LabelCache.Key) {
        var (width, height) = (Int32(0), Int32(0))
        // Sizes beyond 200 points make no sense and much memory.
        let points = Int32(min(max(key.points, 4), 200))
        guard let handle = rk_label_create(key.line, points, key.isBold, key.color, &width, &height) else {
            return nil
        }
        self.handle = handle
        size = PixelSize(width: Int(width), height: Int(height))
    }

    deinit {
        rk_label_free(handle)
    }

    func draw(on canvas: BGRCanvas, x: Int, y: Int, hasBackground: Bool) {
        rk_label_draw(
            handle, canvas.picture, Int32(clamping: x), Int32(clamping: y), hasBackground ? 0.35 : 1)
    }
}
