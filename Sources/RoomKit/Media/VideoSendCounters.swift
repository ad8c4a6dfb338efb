internal import MediaCore

/// What a video publisher has done so far; written by its encoder thread.
final class VideoSendCounters: Sendable {
    /// One size of the track.
    final class Layer: Sendable {
        let frames = AtomicNumber()
        let bytes = AtomicNumber()
        let width = AtomicNumber()
        let height = AtomicNumber()
        /// Whether it is being sent.
        let isActive = AtomicFlag()
    }

    /// Captured pictures that were sent in at least one size.
    let frames = AtomicNumber()
    let encodeMicroseconds = AtomicNumber()
    /// Size of the largest picture that is sent.
    let width = AtomicNumber()
    let height = AtomicNumber()
    /// By their place, the lowest first; unused ones stay at zero.
    let layers = (0..<VideoPublisher.layerLimit).map { _ in Layer() }
    /// `EncodingSession.Limitation` as a number.
    let limitation = AtomicNumber()

    func count(_ encoded: EncodedFrame, layer index: Int, size: Dimensions) {
        guard layers.indices.contains(index) else { return }
        let layer = layers[index]
        layer.frames.add(1)
        layer.bytes.add(encoded.bytes.count)
        layer.width.value = size.width
        layer.height.value = size.height
    }

    /// A picture is through; `size` is that of its largest layer, `nil` when none came out.
    func finish(_ size: Dimensions?, spent: Duration) {
        encodeMicroseconds.add(Int(spent.inNanoseconds / 1_000))
        guard let size else { return }
        frames.add(1)
        width.value = size.width
        height.value = size.height
    }
}
