/// What a frame carries (RFC 6455 §5.2); other values are protocol errors.
enum WebSocketOpcode: UInt8 {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    var isControl: Bool { rawValue & 0x8 != 0 }
}

/// One frame as it is sent: whole messages are never fragmented by this client.
struct WebSocketFrame {
    var opcode: WebSocketOpcode
    var payload: [UInt8]

    /// The bytes on the wire, masked as every frame of a client is (RFC 6455 §5.3).
    func encoded(mask: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + 14)
        bytes.append(0x80 | opcode.rawValue)
        switch payload.count {
        case ...125:
            bytes.append(0x80 | UInt8(payload.count))
        case ...0xFFFF:
            bytes.append(0x80 | 126)
            bytes.appendBigEndian(UInt16(payload.count))
        default:
            bytes.append(0x80 | 127)
            bytes.appendBigEndian(UInt64(payload.count))
        }
        bytes.appendBigEndian(mask)
        for (index, byte) in payload.enumerated() {
            bytes.append(byte ^ UInt8(truncatingIfNeeded: mask >> UInt32(24 - 8 * (index & 3))))
        }
        return bytes
    }
}

extension [UInt8] {
    mutating func appendBigEndian<Value: FixedWidthInteger>(_ value: Value) {
        for shift in stride(from: Value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> Value(shift)))
        }
    }
}
