import CYUV
package import MediaCore

/// How the bytes of a picture outside the pipeline are ordered.
package enum PixelLayout: Hashable, Sendable, CaseIterable {
    /// Blue, green, red, as OpenCV has them.
    case bgr
    /// Red, green, blue, alpha.
    case rgba
    /// Blue, green, red, alpha.
    case bgra

    /// Bytes per pixel.
    package var bytesPerPixel: Int { self == .bgr ? 3 : 4 }
}

/// Converts between I420 and the colour layouts of other programs, by libyuv.
package enum ImageConversion {
    /// Makes a frame from packed pixels; `nil` when `bytes` is too short for the size, or the size is
    /// impossible.
    package static func makeFrame(
        from bytes: UnsafeRawBufferPointer, layout: PixelLayout, width: Int, height: Int,
        captureTime: MonotonicTime, pool: VideoFramePool
    ) -> VideoFrame? {
        let stride = Int32(truncatingIfNeeded: width &* layout.bytesPerPixel)
        guard isLarge(enough: bytes.count, layout: layout, width: width, height: height),
            let source = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        else { return nil }
        let convert =
            switch layout {
            case .bgr: RGB24ToI420
            case .rgba: ABGRToI420
            case .bgra: ARGBToI420
            }
        return pool.makeFrame(width: width, height: height, captureTime: captureTime) { target in
            convert(
                source, stride, target.y, Int32(target.yStride), target.u, Int32(target.chromaStride),
                target.v, Int32(target.chromaStride), Int32(width), Int32(height)) == 0
        }
    }

    /// Writes a frame as packed pixels; false when `bytes` is too short.
    package static func write(
        _ frame: VideoFrame, as layout: PixelLayout, into bytes: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard isLarge(enough: bytes.count, layout: layout, width: frame.width, height: frame.height),
            let target = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        else { return false }
        let convert =
            switch layout {
            case .bgr: I420ToRGB24
            case .rgba: I420ToABGR
            case .bgra: I420ToARGB
            }
        return frame.withPlanes { source in
            convert(
                source.y, Int32(source.yStride), source.u, Int32(source.chromaStride), source.v,
                Int32(source.chromaStride), target, Int32(frame.width * layout.bytesPerPixel),
                Int32(frame.width),
                Int32(frame.height)) == 0
        }
    }

    private static func isLarge(enough count: Int, layout: PixelLayout, width: Int, height: Int) -> Bool {
        guard (1...16_384).contains(width), (1...16_384).contains(height) else { return false }
        return count >= width * height * layout.bytesPerPixel
    }
}
