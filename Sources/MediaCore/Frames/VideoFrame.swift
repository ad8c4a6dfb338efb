/// One picture: three planes of 8 bits (I420), size and times. Immutable once made, so it is shared by reference.
///
/// Layout: `height` rows of luma, then `chromaHeight` rows each of U and V at half width and height (rounded up).
/// Values are BT.601 or BT.709 limited range, as the codecs deliver them. Storage comes from a `VideoFramePool`
/// and goes back to it with the last reference.
public final class VideoFrame: Sendable {
    /// Where the three planes lie; valid only inside the closure that lends it.
    public struct Planes {
        public let y: UnsafeMutablePointer<UInt8>
        public let u: UnsafeMutablePointer<UInt8>
        public let v: UnsafeMutablePointer<UInt8>
        /// Bytes from one luma row to the next.
        public let yStride: Int
        /// Bytes from one chroma row to the next, the same for U and V.
        public let chromaStride: Int
    }

    /// Width of the luma plane in pixels, at least 1.
    public let width: Int
    /// Height of the luma plane in pixels, at least 1.
    public let height: Int
    /// When the picture was taken; for a received one, when its first packet arrived.
    public let captureTime: MonotonicTime
    /// When the picture is to be shown so that it meets its sound; `nil` = now. Set on received pictures.
    public let presentAt: MonotonicTime?

    /// Width of the U and V planes.
    public var chromaWidth: Int { (width + 1) / 2 }
    /// Height of the U and V planes.
    public var chromaHeight: Int { (height + 1) / 2 }

    private let storage: FrameStorage

    init(
        storage: FrameStorage, width: Int, height: Int, captureTime: MonotonicTime, presentAt: MonotonicTime?
    ) {
        self.storage = storage
        self.width = width
        self.height = height
        self.captureTime = captureTime
        self.presentAt = presentAt
    }

    /// Lends the planes for reading. Any thread; the pointers must not escape.
    public func withPlanes<R, E: Error>(_ body: (Planes) throws(E) -> R) throws(E) -> R {
        try body(storage.planes)
    }

    /// The same pixels with other times: how a receiver says when a decoded picture is to be shown.
    package func timed(captureTime: MonotonicTime, presentAt: MonotonicTime?) -> VideoFrame {
        VideoFrame(
            storage: storage, width: width, height: height, captureTime: captureTime, presentAt: presentAt)
    }
}

/// The memory of one frame; goes back to its pool with the last reference.
final class FrameStorage: Sendable {
    // SAFETY: written only before the frame is handed out, read-only afterwards.
    nonisolated(unsafe) let base: UnsafeMutablePointer<UInt8>
    let layout: FrameLayout
    private let pool: VideoFramePool

    init(base: UnsafeMutablePointer<UInt8>, layout: FrameLayout, pool: VideoFramePool) {
        self.base = base
        self.layout = layout
        self.pool = pool
    }

    deinit {
        pool.giveBack(base, layout: layout)
    }

    var planes: VideoFrame.Planes {
        VideoFrame.Planes(
            y: base, u: base + layout.uOffset, v: base + layout.vOffset,
            yStride: layout.yStride, chromaStride: layout.chromaStride)
    }
}

/// Where the planes of a frame of one size lie: rows padded to 32 bytes for the SIMD code of the libraries.
struct FrameLayout: Hashable {
    let yStride: Int
    let chromaStride: Int
    let uOffset: Int
    let vOffset: Int
    let byteCount: Int

    init(width: Int, height: Int) {
        yStride = (width + 31) & ~31
        chromaStride = ((width + 1) / 2 + 31) & ~31
        let chromaRows = (height + 1) / 2
        uOffset = yStride * height
        vOffset = uOffset + chromaStride * chromaRows
        // Some decoders read a few bytes past the last row.
        byteCount = vOffset + chromaStride * chromaRows + 64
    }
}
