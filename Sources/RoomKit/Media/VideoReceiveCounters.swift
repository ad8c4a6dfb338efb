internal import MediaCore
internal import RTP

/// What a video receiver has shown so far; written by its decoder thread.
final class VideoReceiveCounters: Sendable {
    let frames = AtomicNumber()
    let decodeMicroseconds = AtomicNumber()
    let width = AtomicNumber()
    let height = AtomicNumber()
    let freezes = AtomicNumber()
    let frozenMilliseconds = AtomicNumber()
    let codec = AtomicNumber(-1)

    /// Counts a picture that is handed to the renderers now, and what `meter` says of freezes.
    func count(_ frame: VideoFrame, spent: Duration, codec: MediaCodec, _ meter: FreezeMeter) {
        frames.add(1)
        decodeMicroseconds.add(Int(spent.inNanoseconds / 1_000))
        width.value = frame.width
        height.value = frame.height
        self.codec.value = MediaCodec.allCases.firstIndex(of: codec) ?? -1
        freezes.value = meter.count
        frozenMilliseconds.value = Int(meter.total.inMilliseconds)
    }
}
