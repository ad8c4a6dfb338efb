import Glibc
import MediaCore

/// A colour as the codecs see it, limited range.
struct PlanarColor: Hashable {
    var y: UInt8
    var u: UInt8
    var v: UInt8

    static let white = PlanarColor(y: 235, u: 128, v: 128)
    static let black = PlanarColor(y: 16, u: 128, v: 128)

    /// BT.601 limited range from 0...255 each.
    init(red: Double, green: Double, blue: Double) {
        y = UInt8(clamping: Int(16 + 0.257 * red + 0.504 * green + 0.098 * blue))
        u = UInt8(clamping: Int(128 - 0.148 * red - 0.291 * green + 0.439 * blue))
        v = UInt8(clamping: Int(128 + 0.439 * red - 0.368 * green - 0.071 * blue))
    }

    init(y: UInt8, u: UInt8, v: UInt8) {
        self.y = y
        self.u = u
        self.v = v
    }
}

/// Draws filled rectangles on the planes of a frame that is being made; everything is clipped to the picture.
struct PlanarCanvas {
    let planes: VideoFrame.Planes
    let width: Int
    let height: Int

    /// Fills a rectangle; chroma has half the resolution, so colours of odd edges reach one pixel further.
    func fill(x: Int, y: Int, width: Int, height: Int, _ color: PlanarColor) {
        let (left, right) = (max(0, x), min(self.width, x + width))
        let (top, bottom) = (max(0, y), min(self.height, y + height))
        guard left < right, top < bottom else { return }
        for row in top..<bottom {
            memset(planes.y + row * planes.yStride + left, Int32(color.y), right - left)
        }
        let (chromaLeft, chromaRight) = (left / 2, (right + 1) / 2)
        for row in top / 2..<(bottom + 1) / 2 {
            let offset = row * planes.chromaStride + chromaLeft
            memset(planes.u + offset, Int32(color.u), chromaRight - chromaLeft)
            memset(planes.v + offset, Int32(color.v), chromaRight - chromaLeft)
        }
    }

    /// Copies a whole picture of the same size.
    func copy(_ frame: VideoFrame) {
        let chromaSize = frame.chromaHeight * planes.chromaStride
        frame.withPlanes { source in
            memcpy(planes.y, source.y, height * planes.yStride)
            memcpy(planes.u, source.u, chromaSize)
            memcpy(planes.v, source.v, chromaSize)
        }
    }
}
