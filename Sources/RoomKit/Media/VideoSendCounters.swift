internal import MediaCore

/// What a video publisher has done so far; written by its encoder thread.
final class VideoSendCounters: Sendable {
    let frames = AtomicNumber()
    let bytes = AtomicNumber()
    let encodeMicroseconds = AtomicNumber()
    let width = AtomicNumber()
    let height = AtomicNumber()

    func count(_ encoded: EncodedFrame, frame: VideoFrame, spent: Duration) {
        frames.add(1)
        bytes.add(encoded.bytes.count)
        encodeMicroseconds.add(Int(spent.inNanoseconds / 1_000))
        width.value = frame.width
        height.value = frame.height
    }
}
