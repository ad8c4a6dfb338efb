/// The packet types of RTCP (RFC 3550 §12.1, RFC 4585 §9, RFC 3611 §7.2).
enum RTCPType {
    static let senderReport: UInt8 = 200
    static let receiverReport: UInt8 = 201
    static let sourceDescription: UInt8 = 202
    static let goodbye: UInt8 = 203
    static let transportLayerFeedback: UInt8 = 205
    static let payloadSpecificFeedback: UInt8 = 206
    static let extendedReport: UInt8 = 207
}

/// The word every RTCP packet begins with (RFC 3550 §6.1).
struct RTCPHeader {
    let type: UInt8
    /// A number of elements or a feedback format, as the type says: 5 bits.
    let format: UInt8
    /// What lies between this word and the padding.
    let bodyRange: Range<Int>
    /// Where the next packet begins.
    let end: Int

    /// Reads the word at `offset`; `nil` at the end and when the packet does not fit.
    init?(parsing bytes: Span<UInt8>, at offset: Int) {
        guard let first = bytes.byte(at: offset), first >> 6 == 2,
            let type = bytes.byte(at: offset + 1),
            let words = bytes.uint16(at: offset + 2)
        else { return nil }
        end = offset + 4 + 4 * Int(words)
        guard end <= bytes.count else { return nil }
        var padding = 0
        if first & 0x20 != 0 {
            // The last byte counts the padding, itself included.
            guard let count = bytes.byte(at: end - 1), count > 0, Int(count) <= 4 * Int(words) else {
                return nil
            }
            padding = Int(count)
        }
        self.type = type
        format = first & 0x1F
        bodyRange = offset + 4..<end - padding
    }
}

extension [UInt8] {
    /// Adds an RTCP packet: its header, what `body` writes, and the length in words (RFC 3550 §6.4.1).
    mutating func appendPacket(type: UInt8, format: UInt8, _ body: (inout [UInt8]) -> Void) {
        let start = count
        append(0x80 | format & 0x1F)
        append(type)
        append(bigEndian: 0 as UInt16)
        body(&self)
        while (count - start) % 4 != 0 { append(0) }
        let words = UInt16(clamping: (count - start) / 4 - 1)
        self[start + 2] = UInt8(words >> 8)
        self[start + 3] = UInt8(words & 0xFF)
    }
}
