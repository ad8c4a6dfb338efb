/// The first 2 to 10 bytes of a frame from the server, checked (RFC 6455 §5.2).
struct WebSocketFrameHeader {
    var isFinal: Bool
    var opcode: WebSocketOpcode
    /// Bytes of the header itself.
    var length: Int
    /// Bytes that follow it.
    var payloadLength: Int

    /// Reads a header; `nil` when more bytes are needed.
    init?(_ bytes: ArraySlice<UInt8>) throws(WebSocketViolation) {
        guard bytes.count >= 2 else { return nil }
        let first = bytes[bytes.startIndex]
        let second = bytes[bytes.startIndex + 1]
        guard first & 0x70 == 0 else { throw .protocolError("a reserved bit is set") }
        guard let opcode = WebSocketOpcode(rawValue: first & 0x0F) else {
            throw .protocolError("unknown opcode \(first & 0x0F)")
        }
        // RFC 6455 §5.1: a server never masks.
        guard second & 0x80 == 0 else { throw .protocolError("a frame of the server is masked") }
        self.isFinal = first & 0x80 != 0
        self.opcode = opcode
        // RFC 6455 §5.5: control frames are short and whole.
        if opcode.isControl, !isFinal || second > 125 {
            throw .protocolError("a control frame is fragmented or longer than 125 bytes")
        }
        let extended = second == 126 ? 2 : second == 127 ? 8 : 0
        length = 2 + extended
        guard extended > 0 else {
            payloadLength = Int(second)
            return
        }
        guard bytes.count >= length else { return nil }
        let value = bytes.dropFirst(2).prefix(extended).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let isMinimal = value > (extended == 2 ? 125 : 0xFFFF)
        guard isMinimal, let payloadLength = Int(exactly: value) else {
            throw .protocolError("the length \(value) is not written in the shortest form")
        }
        self.payloadLength = payloadLength
    }
}
