import Glibc
import MediaCore

/// A synthetic film: a soft gradient that slides over a texture, so that every picture differs from the last.
struct MovingPicture {
    let width: Int
    let height: Int
    /// Grain that no prediction removes, so that any bitrate can be used up; 0...63.
    let grain: UInt64
    private let pool = VideoFramePool()

    init(width: Int, height: Int, grain: UInt64 = 0) {
        self.width = width
        self.height = height
        self.grain = grain
    }

    /// Picture number `index`.
    func frame(_ index: Int) throws -> VideoFrame {
        let time = MonotonicTime(microseconds: Int64(index) * 33_333)
        var noise = SeededGenerator(seed: UInt64(index))
        let frame = pool.makeFrame(width: width, height: height, captureTime: time) { planes in
            for row in 0..<height {
                let line = planes.y + row * planes.yStride
                for column in 0..<width {
                    let wave = (column + index * 3) * 2 + row
                    let texture = ((column + index * 3) / 8 ^ row / 8) & 1 == 0 ? 0 : 40
                    let dot = grain == 0 ? 0 : Int(noise.next() % grain)
                    line[column] = UInt8(30 + (wave & 127) + texture + dot)
                }
            }
            for row in 0..<(height + 1) / 2 {
                memset(planes.u + row * planes.chromaStride, Int32(90 + row & 63), (width + 1) / 2)
                memset(planes.v + row * planes.chromaStride, Int32(160 - index & 31), (width + 1) / 2)
            }
            return true
        }
        guard let frame else { throw PictureError.noFrame }
        return frame
    }
}

enum PictureError: Error {
    case noFrame
    case differentSizes
}

/// Likeness of the luma of two pictures in dB; 99 when they are the same.
func lumaPSNR(_ first: VideoFrame, _ second: VideoFrame) throws -> Double {
    guard first.width == second.width, first.height == second.height else {
        throw PictureError.differentSizes
    }
    var sum = 0
    first.withPlanes { left in
        second.withPlanes { right in
            for row in 0..<first.height {
                let (a, b) = (left.y + row * left.yStride, right.y + row * right.yStride)
                for column in 0..<first.width {
                    let difference = Int(a[column]) - Int(b[column])
                    sum += difference * difference
                }
            }
        }
    }
    guard sum > 0 else { return 99 }
    return 10 * log10(65_025 * Double(first.width * first.height) / Double(sum))
}

extension EncodedFrame {
    /// A frame with times that do not matter to the test.
    init(_ codec: MediaCodec, _ bytes: [UInt8], isKeyframe: Bool = true, timestamp: UInt32 = 0) {
        self.init(
            codec: codec, bytes: bytes, isKeyframe: isKeyframe, timestamp: timestamp, captureTime: .zero)
    }
}
