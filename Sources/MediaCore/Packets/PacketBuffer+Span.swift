/// Safe access for code that is free of `unsafe`: bounds are checked, and a full buffer refuses instead
/// of trapping.
extension PacketBuffer {
    /// Lends the valid bytes as a span.
    package borrowing func withSpan<R: ~Copyable, E: Error>(
        _ body: (Span<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        try withBytes { (bytes) throws(E) -> R in
            try body(Span(_unsafeBytes: bytes))
        }
    }

    /// Lends the valid bytes for changing in place; their number stays.
    package mutating func withMutableSpan<R: ~Copyable, E: Error>(
        _ body: (inout MutableSpan<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        let count = count
        return try withCapacity { (bytes) throws(E) -> R in
            var span = MutableSpan<UInt8>(
                _unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]))
            return try body(&span)
        }
    }

    /// Adds a byte at the end; false when the buffer is full.
    @discardableResult
    package mutating func append(_ byte: UInt8) -> Bool {
        append(bigEndian: byte)
    }

    /// Adds a number in network byte order; false, and nothing is added, when it does not fit.
    @discardableResult
    package mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(bigEndian value: Value) -> Bool {
        let end = count
        let size = MemoryLayout<Value>.size
        guard end + size <= Self.capacity else { return false }
        withCapacity { $0.storeBytes(of: value.bigEndian, toByteOffset: end, as: Value.self) }
        resize(to: end + size)
        return true
    }

    /// Adds bytes at the end; false, and nothing is added, when they do not fit.
    @discardableResult
    package mutating func append(_ bytes: Span<UInt8>) -> Bool {
        let end = count
        guard end + bytes.count <= Self.capacity else { return false }
        withCapacity { room in
            bytes.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(rebasing: room[end...]).copyMemory(from: $0)
            }
        }
        resize(to: end + bytes.count)
        return true
    }

    /// Replaces a valid byte; false when there is none at `offset`.
    @discardableResult
    package mutating func store(_ byte: UInt8, at offset: Int) -> Bool {
        store(bigEndian: byte, at: offset)
    }

    /// Replaces valid bytes by a number in network byte order; false when they are not all valid.
    @discardableResult
    package mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(
        bigEndian value: Value, at offset: Int
    ) -> Bool {
        guard offset >= 0, offset <= count - MemoryLayout<Value>.size else { return false }
        withCapacity { $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: Value.self) }
        return true
    }
}

extension PacketPool {
    /// A buffer with a copy of `bytes`, or `nil` when they do not fit. Any thread.
    package func take(copying bytes: Span<UInt8>) -> PacketBuffer? {
        var buffer = take()
        guard buffer.append(bytes) else { return nil }
        return buffer
    }
}

extension [UInt8] {
    /// Adds the bytes of a span in one piece.
    package mutating func append(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBytes { append(contentsOf: $0) }
    }
}
