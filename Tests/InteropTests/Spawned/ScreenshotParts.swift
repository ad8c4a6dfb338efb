import Devices
import MediaCore
import TestSupport
import Testing

extension Screenshot {
    /// A part of it, as a picture (luma only).
    func picture(_ rect: PixelRect) throws -> VideoFrame {
        let frame = VideoFramePool().makeFrame(width: rect.width, height: rect.height, captureTime: .zero) {
            planes in
            for row in 0..<rect.height {
                for column in 0..<rect.width {
                    planes.y[row * planes.yStride + column] = luma(x: rect.x + column, y: rect.y + row)
                }
            }
            return true
        }
        return try #require(frame)
    }

    /// The number of the test picture shown in a part of it, if it can be read.
    func number(in rect: PixelRect) -> UInt64? {
        (try? picture(rect)).flatMap { Timecode.number(of: $0) }
    }

    /// How many pixels of a part of it are brighter than grey.
    func brightPixels(in rect: PixelRect) -> Int {
        var count = 0
        for y in rect.y..<rect.y + rect.height {
            for x in rect.x..<rect.x + rect.width where luma(x: x, y: y) > 140 { count += 1 }
        }
        return count
    }
}
