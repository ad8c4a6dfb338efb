import CYUV
import MediaCore

/// Borrowed I420 planes with their size, as libyuv takes them.
struct PictureView {
    let y: UnsafeMutablePointer<UInt8>
    let u: UnsafeMutablePointer<UInt8>
    let v: UnsafeMutablePointer<UInt8>
    let yStride: Int32
    let chromaStride: Int32
    let width: Int
    let height: Int

    var width32: Int32 { Int32(width) }
    var height32: Int32 { Int32(height) }

    /// The planes of a frame, inside the closure that lends them.
    init(_ frame: VideoFrame, _ planes: VideoFrame.Planes) {
        (y, u, v) = (planes.y, planes.u, planes.v)
        (yStride, chromaStride) = (Int32(planes.yStride), Int32(planes.chromaStride))
        (width, height) = (frame.width, frame.height)
    }

    /// Planes one behind the other in a piece of memory of `byteCount(width:height:)` bytes.
    fileprivate init(memory: UnsafeMutablePointer<UInt8>, width: Int, height: Int) {
        let strides = Self.strides(width)
        let chromaRows = (height + 1) / 2
        (self.width, self.height) = (width, height)
        (yStride, chromaStride) = (Int32(strides.y), Int32(strides.chroma))
        y = memory
        u = memory + strides.y * height
        v = u + strides.chroma * chromaRows
    }

    fileprivate static func byteCount(width: Int, height: Int) -> Int {
        let strides = strides(width)
        return strides.y * height + 2 * strides.chroma * ((height + 1) / 2)
    }

    /// Rows padded to 32 bytes for the SIMD code of the library.
    private static func strides(_ width: Int) -> (y: Int, chroma: Int) {
        ((width + 31) & ~31, ((width + 1) / 2 + 31) & ~31)
    }
}

/// Memory for one picture between two steps; grows when it must and is kept. Used by one thread.
struct ScratchPicture: ~Copyable {
    // Owned: freed in `deinit`.
    private var memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 0)

    init() {}

    deinit {
        memory.deallocate()
    }

    /// A copy in another size, valid until the next call.
    mutating func scale(_ source: PictureView, width: Int, height: Int) -> PictureView? {
        guard let target = view(width: width, height: height) else { return nil }
        let status = I420Scale(
            source.y, source.yStride, source.u, source.chromaStride, source.v, source.chromaStride,
            source.width32, source.height32, target.y, target.yStride, target.u, target.chromaStride,
            target.v,
            target.chromaStride, target.width32, target.height32, kFilterBox)
        return status == 0 ? target : nil
    }

    /// A copy with left and right exchanged, valid until the next call.
    mutating func mirror(_ source: PictureView) -> PictureView? {
        guard let target = view(width: source.width, height: source.height) else { return nil }
        let status = I420Mirror(
            source.y, source.yStride, source.u, source.chromaStride, source.v, source.chromaStride, target.y,
            target.yStride, target.u, target.chromaStride, target.v, target.chromaStride, source.width32,
            source.height32)
        return status == 0 ? target : nil
    }

    private mutating func view(width: Int, height: Int) -> PictureView? {
        let byteCount = PictureView.byteCount(width: width, height: height)
        if byteCount > memory.count {
            memory.deallocate()
            memory = .allocate(capacity: byteCount)
        }
        return memory.baseAddress.map { PictureView(memory: $0, width: width, height: height) }
    }
}
