package import MediaCore

/// A camera. Opening it must succeed once; when it stops later, it is opened again every second until it is
/// back.
package struct CameraSource: VideoSource {
    package let format: VideoFormat

    private let device: String
    private let retryInterval: Duration
    private let open: @Sendable () throws -> any PictureReader
    private let warn: @Sendable (DeviceWarning) -> Void

    /// Names the device node and what to ask of it; `warn` is called on the camera thread.
    package init(
        path: String, name: String? = nil, format: VideoFormat,
        warn: @escaping @Sendable (DeviceWarning) -> Void = { _ in }
    ) {
        self.init(device: "camera \(name ?? path)", format: format, warn: warn) {
            try OpenCVReader(camera: path, format: format)
        }
    }

    /// The same with another way to open: for tests.
    init(
        device: String, format: VideoFormat, retryInterval: Duration = .seconds(1),
        warn: @escaping @Sendable (DeviceWarning) -> Void,
        open: @escaping @Sendable () throws -> any PictureReader
    ) {
        self.device = device
        self.format = format
        self.retryInterval = retryInterval
        self.open = open
        self.warn = warn
    }

    package func run(_ deliver: @Sendable (VideoFrame) -> Void) async throws {
        let pool = VideoFramePool()
        var reader: (any PictureReader)? = try open()
        guard let first = reader?.next(pool: pool) else {
            if Task.isCancelled { return }
            throw DeviceError.cannotOpen(device: device, reason: "it delivers no picture")
        }
        deliver(first)
        while !Task.isCancelled {
            while let frame = reader?.next(pool: pool) {
                deliver(frame)
                if Task.isCancelled { return }
            }
            if Task.isCancelled { return }
            warn(.stopped(device: device, reason: "no picture"))
            // The device must be free before it can be opened again.
            reader = nil
            guard let (again, frame) = reopen(pool) else { return }
            reader = again
            deliver(frame)
            warn(.isBack(device: device))
        }
    }

    /// Tries until a picture comes; `nil` when the task was cancelled.
    private func reopen(_ pool: VideoFramePool) -> ((any PictureReader), VideoFrame)? {
        while Metronome.sleep(until: SystemClock.now + retryInterval) {
            if let reader = try? open(), let frame = reader.next(pool: pool) { return (reader, frame) }
        }
        return nil
    }
}
