/// Where pictures come from: a camera, a file, a test pattern, a robot.
///
/// A source is a description that may be passed around; the device itself is opened inside `run`, on the thread
/// that uses it.
public protocol VideoSource: Sendable {
    /// Size and rate the source will deliver if it can; what it delivers counts.
    var format: VideoFormat { get }

    /// Delivers pictures until the task is cancelled or the source ends. May block its thread: it is called on a
    /// thread of its own. Throws when the device cannot be opened. `deliver` returns at once.
    func run(_ deliver: @Sendable (VideoFrame) -> Void) async throws
}

/// Size and rate of a video source.
public struct VideoFormat: Hashable, Sendable {
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int
    /// Pictures per second.
    public var framesPerSecond: Int

    /// Makes a format.
    public init(width: Int, height: Int, framesPerSecond: Int) {
        self.width = width
        self.height = height
        self.framesPerSecond = framesPerSecond
    }
}
