import COpenCVShim
import CYUV
import Glibc
import MediaCore

/// The picture that a window shows, made of layers: BGR, 8 bits. Used by one thread.
final class BGRCanvas {
    let size: PixelSize
    // Owned: freed in `deinit`.
    private let base: UnsafeMutablePointer<UInt8>
    private var scratch = ScratchPicture()
    private var mirrored = ScratchPicture()

    private var stride: Int { size.width * 3 }

    init(size: PixelSize) {
        self.size = PixelSize(width: min(max(size.width, 1), 8_192), height: min(max(size.height, 1), 8_192))
        base = .allocate(capacity: self.size.width * self.size.height * 3)
        clear()
    }

    deinit {
        base.deallocate()
    }

    /// The pixels for a C call; valid as long as the canvas.
    var picture: rk_picture {
        rk_picture(data: base, width: Int32(size.width), height: Int32(size.height), stride: Int32(stride))
    }

    /// Makes everything black.
    func clear() {
        memset(base, 0, stride * size.height)
    }

    /// Scales and converts a layer; what sticks out of the canvas is cut by shrinking the rectangle.
    func draw(_ layer: WindowLayer) {
        let rect = layer.rect.clipped(to: size).fitting(width: layer.frame.width, height: layer.frame.height)
        guard !rect.isEmpty else { return }
        layer.frame.withPlanes { planes in
            var source = PictureView(layer.frame, planes)
            if rect.width != source.width || rect.height != source.height {
                source = scratch.scale(source, width: rect.width, height: rect.height) ?? source
            }
            if layer.isMirrored { source = mirrored.mirror(source) ?? source }
            guard source.width == rect.width, source.height == rect.height else { return }
            convert(source, toX: rect.x, y: rect.y)
        }
    }

    /// The pixel at a place: blue, green, red.
    func pixel(x: Int, y: Int) -> (blue: UInt8, green: UInt8, red: UInt8)? {
        guard (0..<size.width).contains(x), (0..<size.height).contains(y) else { return nil }
        let pixel = base + y * stride + x * 3
        return (pixel[0], pixel[1], pixel[2])
    }

    private func convert(_ source: PictureView, toX x: Int, y: Int) {
        _ = I420ToRGB24(
            source.y, source.yStride, source.u, source.chromaStride, source.v, source.chromaStride,
            base + y * stride + x * 3, Int32(stride), source.width32, source.height32)
    }
}
