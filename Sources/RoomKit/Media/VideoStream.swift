public import MediaCore

/// The pictures of a track as an asynchronous sequence, for robots and recognizers.
///
/// Keeps the newest `capacity` pictures: a slow reader misses old ones and never delays the call. Ends when the
/// stream is let go of or `close()` is called.
public final class VideoStream: VideoSink, AsyncSequence {
    public typealias Element = VideoFrame

    private let frames: AsyncStream<VideoFrame>
    private let continuation: AsyncStream<VideoFrame>.Continuation
    private let track: RemoteVideoTrack

    /// Starts receiving from `track`.
    public init(_ track: RemoteVideoTrack, capacity: Int = 2) {
        self.track = track
        // Newest wins: a late picture is worth less than the next one.
        (frames, continuation) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingNewest(Swift.max(1, capacity)))
        track.add(videoRenderer: self)
    }

    public func receive(_ frame: VideoFrame) { continuation.yield(frame) }

    /// Ends the sequence.
    public func close() {
        track.remove(videoRenderer: self)
        continuation.finish()
    }

    public func makeAsyncIterator() -> AsyncStream<VideoFrame>.Iterator { frames.makeAsyncIterator() }
}
