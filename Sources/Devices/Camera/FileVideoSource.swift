package import MediaCore

/// A video file in place of a camera: looped, at its own rate. Any format that FFmpeg reads.
package struct FileVideoSource: VideoSource {
    package let format: VideoFormat

    private let path: String
    /// Exact rate of the file, 29.97 for example.
    private let rate: Double

    /// Opens the file once to learn its format. Throws when it is missing or no video.
    package init(path: String) throws(DeviceError) {
        let found = try OpenCVReader(file: path).format
        guard found.width > 0, found.height > 0 else {
            throw .badFile(path: path, reason: "it has no pictures")
        }
        rate = (1...240).contains(found.framesPerSecond) ? found.framesPerSecond : 30
        format = VideoFormat(
            width: found.width, height: found.height, framesPerSecond: max(1, Int(rate.rounded())))
        self.path = path
    }

    package func run(_ deliver: @Sendable (VideoFrame) -> Void) async throws {
        let pool = VideoFramePool()
        var reader = try OpenCVReader(file: path)
        var metronome = Metronome(beatsPerSecond: rate)
        var isFirst = true
        while !Task.isCancelled {
            guard let frame = reader.next(pool: pool) else {
                // Not even one picture from the start: looping would spin.
                if isFirst { throw DeviceError.badFile(path: path, reason: "it has no readable pictures") }
                if !reader.rewind() { reader = try OpenCVReader(file: path) }
                isFirst = true
                continue
            }
            isFirst = false
            guard metronome.wait() else { return }
            deliver(frame.timed(captureTime: SystemClock.now, presentAt: nil))
        }
    }
}
