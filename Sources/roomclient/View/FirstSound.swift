import MediaCore

/// Reports when a track is heard for the first time. Called on the speaker thread, so it does no more
/// than that.
final class FirstSound: AudioRenderer {
    private let sid: String
    private let isWaiting = AtomicFlag(true)
    private let arrivals: AsyncStream<MediaArrival>.Continuation

    init(sid: String, arrivals: AsyncStream<MediaArrival>.Continuation) {
        self.sid = sid
        self.arrivals = arrivals
    }

    func render(_ frame: AudioFrame) {
        guard isWaiting.isSet, frame.samples.contains(where: { $0 != 0 }), isWaiting.take() else { return }
        arrivals.yield(.firstSound(sid: sid, at: SystemClock.now))
    }
}
