public import MediaCore

/// The sound of a track as an asynchronous sequence of 10 ms frames (48 kHz, mono), for robots and recognizers.
///
/// Keeps the newest `capacity` frames. Ends when `close()` is called.
public final class AudioStream: AudioRenderer, AsyncSequence {
    public typealias Element = AudioFrame

    private let frames: AsyncStream<AudioFrame>
    private let continuation: AsyncStream<AudioFrame>.Continuation
    private let track: RemoteAudioTrack

    /// Starts receiving from `track`.
    public init(_ track: RemoteAudioTrack, capacity: Int = 100) {
        self.track = track
        // Oldest out first: a reader that falls behind by a second catches up instead of lagging for ever.
        (frames, continuation) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingNewest(Swift.max(1, capacity)))
        track.add(audioRenderer: self)
    }

    public func render(_ frame: AudioFrame) { continuation.yield(frame) }

    /// Ends the sequence.
    public func close() {
        track.remove(audioRenderer: self)
        continuation.finish()
    }

    public func makeAsyncIterator() -> AsyncStream<AudioFrame>.Iterator { frames.makeAsyncIterator() }
}
