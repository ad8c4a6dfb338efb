import MediaCore

/// Media that came out of a decoder or a device, on its way to the view and the statistics.
enum MediaArrival: Sendable {
    /// A picture of a slot, how old it was when it was handed over (if it carries a timecode), and when
    /// that was.
    case picture(VideoFrame, FrameSlot, latency: Duration?, at: MonotonicTime)
    /// A track was heard for the first time.
    case firstSound(sid: String, at: MonotonicTime)

    /// A stream that all tracks of a call share.
    static func makeStream() -> (
        stream: AsyncStream<MediaArrival>, continuation: AsyncStream<MediaArrival>.Continuation
    ) {
        // Its reader only sorts; 32 pictures are more than ever wait, and the newest are the ones that
        // count.
        AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(32))
    }
}
