/// A reliable stream of bytes in both directions: TCP, or TLS over another stream.
///
/// One reader and one writer at a time; they may be different tasks. Cancelling a task ends its
/// waiting with `.cancelled` and leaves the stream open.
package protocol ByteStream: Sendable {
    /// Waits for bytes; `nil` when the peer has ended its side.
    func read() async throws(WebSocketError) -> [UInt8]?

    /// Writes all bytes.
    func write(_ bytes: [UInt8]) async throws(WebSocketError)

    /// Ends both directions at once; waiting calls return. Any thread.
    func close()
}
