import Devices
import MediaCore

/// Takes the pictures of one track on the thread that makes them, reads their timecode, and passes them on.
final class FrameFeed: VideoSink {
    private let slot: FrameSlot
    private let arrivals: AsyncStream<MediaArrival>.Continuation

    init(slot: FrameSlot, arrivals: AsyncStream<MediaArrival>.Continuation) {
        self.slot = slot
        self.arrivals = arrivals
    }

    func receive(_ frame: VideoFrame) {
        let now = SystemClock.now
        let madeAt = slot == .own ? nil : Timecode.captureTime(of: frame)
        arrivals.yield(.picture(frame, slot, latency: madeAt.map { now - $0 }, at: now))
    }
}
