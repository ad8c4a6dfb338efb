/// Where packet buffers come from and go back to.
///
/// Grows when it is empty and keeps at most `limit` idle buffers, so a burst costs memory only while it lasts.
package final class PacketPool: Sendable {
    // SAFETY: idle memory is reachable from this pool only.
    private struct Block: @unchecked Sendable {
        let base: UnsafeMutableRawPointer
    }

    private let idle: Pool<Block>

    /// Makes a pool that keeps at most `limit` idle buffers.
    package init(limit: Int = 512) {
        idle = Pool(limit: limit) { $0.base.deallocate() }
    }

    /// A buffer without valid bytes. Any thread.
    package func take() -> PacketBuffer {
        let base = idle.take()?.base ?? .allocate(byteCount: PacketBuffer.capacity, alignment: 16)
        return PacketBuffer(base: base, pool: self)
    }

    /// A buffer with a copy of `bytes`, or `nil` when they do not fit. Any thread.
    package func take(copying bytes: UnsafeRawBufferPointer) -> PacketBuffer? {
        var buffer = take()
        guard buffer.replace(with: bytes) else { return nil }
        return buffer
    }

    func giveBack(_ base: UnsafeMutableRawPointer) {
        idle.giveBack(Block(base: base))
    }
}
