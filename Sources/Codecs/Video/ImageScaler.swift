import CYUV
package import MediaCore

/// Scales pictures by libyuv.
package enum ImageScaler {
    /// The same picture at another size and with the same times; the frame itself when the size is right
    /// already, `nil` when a side is not within 1...16,384. The shape is not kept unless the caller keeps
    /// it.
    package static func scale(
        _ frame: VideoFrame, to width: Int, _ height: Int, pool: VideoFramePool
    ) -> VideoFrame? {
        if frame.width == width, frame.height == height { return frame }
        return frame.withPlanes { source in
            pool.makeFrame(
                width: width, height: height, captureTime: frame.captureTime, presentAt: frame.presentAt
            ) { target in
                // Box averages every pixel when it makes smaller, and is bilinear when it makes larger.
                I420Scale(
                    source.y, Int32(source.yStride), source.u, Int32(source.chromaStride),
                    source.v, Int32(source.chromaStride), Int32(frame.width), Int32(frame.height),
                    target.y, Int32(target.yStride), target.u, Int32(target.chromaStride),
                    target.v, Int32(target.chromaStride), Int32(width), Int32(height), kFilterBox) == 0
            }
        }
    }
}
