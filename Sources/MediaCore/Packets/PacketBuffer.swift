/// One datagram in a pooled buffer, owned by exactly one place at a time.
///
/// It moves from the socket through the machines and back to its pool in `deinit`, so the packet path neither
/// copies nor allocates. `capacity` leaves room behind 1,500 bytes for what SRTP appends.
package struct PacketBuffer: ~Copyable {
    /// Bytes a buffer can hold: an Ethernet MTU and the largest SRTP trailer.
    package static let capacity = 1_664

    private let base: UnsafeMutableRawPointer
    private let pool: PacketPool
    /// Number of valid bytes from the start.
    package private(set) var count: Int

    init(base: UnsafeMutableRawPointer, pool: PacketPool) {
        self.base = base
        self.pool = pool
        self.count = 0
    }

    deinit {
        pool.giveBack(base)
    }

    /// Lends the valid bytes; the pointer must not escape.
    package borrowing func withBytes<R: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Lends the whole capacity for writing; set `count` by `resize(to:)` afterwards. The pointer must not escape.
    package mutating func withCapacity<R: ~Copyable, E: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeMutableRawBufferPointer(start: base, count: Self.capacity))
    }

    /// Says how many bytes are valid now; a size beyond the capacity is cut to it.
    package mutating func resize(to count: Int) {
        self.count = min(max(0, count), Self.capacity)
    }

    /// Replaces the contents; returns false, and leaves the buffer empty, when `bytes` does not fit.
    package mutating func replace(with bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= Self.capacity else {
            count = 0
            return false
        }
        if let source = bytes.baseAddress, !bytes.isEmpty {
            base.copyMemory(from: source, byteCount: bytes.count)
        }
        count = bytes.count
        return true
    }
}
