internal import MediaCore

/// What a video receiver has shown so far, freezes counted as libwebrtc does; written by its decoder thread.
final class VideoReceiveCounters: Sendable {
    let frames = AtomicNumber()
    let decodeMicroseconds = AtomicNumber()
    let width = AtomicNumber()
    let height = AtomicNumber()
    let freezes = AtomicNumber()
    let frozenMilliseconds = AtomicNumber()
    let codec = AtomicNumber(-1)
    private let lastShown = AtomicNumber(-1)
    private let averageGap = AtomicNumber()

    func count(_ frame: VideoFrame, at now: MonotonicTime, spent: Duration, codec: MediaCodec) {
        frames.add(1)
        decodeMicroseconds.add(Int(spent.inNanoseconds / 1_000))
        width.value = frame.width
        height.value = frame.height
        self.codec.value = MediaCodec.allCases.firstIndex(of: codec) ?? -1
        countGap(Int(now.microseconds))
    }

    /// A freeze is a gap of more than three average gaps and more than the average plus 150 ms (W3C webrtc-stats).
    private func countGap(_ microseconds: Int) {
        let last = lastShown.value
        lastShown.value = microseconds
        guard last >= 0 else { return }
        let gap = microseconds - last
        let average = averageGap.value
        if average > 0 && gap > max(3 * average, average + 150_000) {
            freezes.add(1)
            frozenMilliseconds.add(gap / 1_000)
        }
        averageGap.value = average == 0 ? gap : average + (min(gap, 500_000) - average) / 30
    }
}
