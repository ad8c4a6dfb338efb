/// Where the memory of video frames comes from and goes back to.
///
/// Serves one size at a time: when the size changes, idle memory of the old size is freed.
public final class VideoFramePool: Sendable {
    // SAFETY: idle memory is reachable from this pool only.
    private struct Block: @unchecked Sendable {
        let base: UnsafeMutablePointer<UInt8>
        let byteCount: Int
    }

    private let idle: Pool<Block>

    /// Makes a pool that keeps at most `limit` idle frames.
    public init(limit: Int = 6) {
        idle = Pool(limit: limit) { $0.base.deallocate() }
    }

    /// Makes a frame that `fill` writes before anybody else can see it; `nil` when `fill` returns false or a
    /// side is not within 1...16,384. Any thread.
    public func makeFrame(
        width: Int, height: Int, captureTime: MonotonicTime, presentAt: MonotonicTime? = nil,
        fill: (VideoFrame.Planes) throws -> Bool
    ) rethrows -> VideoFrame? {
        guard (1...16_384).contains(width), (1...16_384).contains(height) else { return nil }
        let layout = FrameLayout(width: width, height: height)
        let storage = FrameStorage(base: take(layout), layout: layout, pool: self)
        guard try fill(storage.planes) else { return nil }
        return VideoFrame(
            storage: storage, width: width, height: height, captureTime: captureTime, presentAt: presentAt)
    }

    func giveBack(_ base: UnsafeMutablePointer<UInt8>, layout: FrameLayout) {
        idle.giveBack(Block(base: base, byteCount: layout.byteCount))
    }

    private func take(_ layout: FrameLayout) -> UnsafeMutablePointer<UInt8> {
        while let block = idle.take() {
            if block.byteCount == layout.byteCount { return block.base }
            block.base.deallocate()
        }
        return .allocate(capacity: layout.byteCount)
    }
}
