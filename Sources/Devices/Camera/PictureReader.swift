import COpenCVShim
import CYUV
import MediaCore

/// What a camera or a video file is to the code that reads it. Used by one thread.
protocol PictureReader: AnyObject {
    /// Waits for the next picture and reads it; `nil` when the device or file has none, or the task was
    /// cancelled.
    func next(pool: VideoFramePool) -> VideoFrame?
    /// Goes back to the first picture; false when that is impossible.
    func rewind() -> Bool
}

/// A camera or file opened by OpenCV.
final class OpenCVReader: PictureReader {
    /// How long an open camera may deliver nothing before it counts as stopped.
    private static let patience: Duration = .seconds(3)

    // Owned: closed in `deinit`.
    private let handle: OpaquePointer

    /// Opens a camera by the path of its device node and asks for a format.
    init(camera path: String, format: VideoFormat) throws(DeviceError) {
        var message = rk_message()
        let opened = rk_camera_open(
            path, Int32(clamping: format.width), Int32(clamping: format.height),
            Int32(clamping: format.framesPerSecond), &message)
        guard let opened else { throw .cannotOpen(device: "camera \(path)", reason: text(of: message.text)) }
        handle = opened
    }

    /// Opens a video file.
    init(file path: String) throws(DeviceError) {
        var message = rk_message()
        guard let opened = rk_video_file_open(path, &message) else {
            throw .badFile(path: path, reason: text(of: message.text))
        }
        handle = opened
    }

    deinit {
        rk_capture_close(handle)
    }

    /// Size and rate as the device or file reports them; rate 0 when it does not.
    var format: (width: Int, height: Int, framesPerSecond: Double) {
        var (width, height, rate) = (Int32(0), Int32(0), 0.0)
        rk_capture_format(handle, &width, &height, &rate)
        return (Int(width), Int(height), rate)
    }

    func next(pool: VideoFramePool) -> VideoFrame? {
        let deadline = SystemClock.now + Self.patience
        while rk_capture_wait(handle, 10) == 0 {
            guard !Task.isCancelled, SystemClock.now < deadline else { return nil }
        }
        var picture = rk_picture()
        guard rk_capture_read(handle, &picture) else { return nil }
        return makeFrame(from: picture, at: SystemClock.now, pool: pool)
    }

    func rewind() -> Bool {
        rk_capture_rewind(handle)
    }
}

/// Converts a BGR picture; libyuv calls that byte order RGB24.
private func makeFrame(from picture: rk_picture, at time: MonotonicTime, pool: VideoFramePool) -> VideoFrame?
{
    pool.makeFrame(width: Int(picture.width), height: Int(picture.height), captureTime: time) { planes in
        RGB24ToI420(
            picture.data, picture.stride, planes.y, Int32(planes.yStride), planes.u,
            Int32(planes.chromaStride),
            planes.v, Int32(planes.chromaStride), picture.width, picture.height) == 0
    }
}
