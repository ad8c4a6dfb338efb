import COpenCVShim
package import MediaCore

/// Writes pictures to files.
package enum PictureFile {
    /// Writes a frame as PNG or JPEG, by the ending of the path.
    package static func write(_ frame: VideoFrame, to path: String) throws(DeviceError) {
        let canvas = BGRCanvas(size: PixelSize(width: frame.width, height: frame.height))
        canvas.draw(
            WindowLayer(frame: frame, rect: PixelRect(x: 0, y: 0, width: frame.width, height: frame.height)))
        try write(canvas, to: path)
    }

    static func write(_ canvas: BGRCanvas, to path: String) throws(DeviceError) {
        var message = rk_message()
        guard rk_picture_write(path, canvas.picture, &message) else {
            throw .badFile(path: path, reason: text(of: message.text))
        }
    }
}
