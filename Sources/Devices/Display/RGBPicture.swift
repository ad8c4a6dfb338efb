import CYUV
package import MediaCore

/// A small picture as red, green and blue: for drawing video with characters in a terminal.
package struct RGBPicture: Sendable {
    /// Size of the grid.
    package let width: Int
    package let height: Int
    /// Three bytes a pixel, red first, row by row.
    package let bytes: [UInt8]

    /// Scales a frame to exactly this size (sides of 1...8,192), whatever its shape.
    package init(scaling frame: VideoFrame, width: Int, height: Int, isMirrored: Bool = false) {
        let (width, height) = (min(max(width, 1), 8_192), min(max(height, 1), 8_192))
        self.width = width
        self.height = height
        bytes = frame.withPlanes { planes in
            var scaling = ScratchPicture()
            var mirroring = ScratchPicture()
            guard let scaled = scaling.scale(PictureView(frame, planes), width: width, height: height) else {
                return [UInt8](repeating: 0, count: width * height * 3)
            }
            return rgbBytes(of: isMirrored ? mirroring.mirror(scaled) ?? scaled : scaled)
        }
    }
}

/// libyuv calls this byte order RAW.
private func rgbBytes(of view: PictureView) -> [UInt8] {
    let size = view.width * view.height * 3
    return [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
        _ = I420ToRAW(
            view.y, view.yStride, view.u, view.chromaStride, view.v, view.chromaStride, bytes.baseAddress,
            view.width32 * 3, view.width32, view.height32)
        count = size
    }
}
