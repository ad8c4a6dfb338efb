/// The one or two bytes an open bitstream unit (OBU) begins with (AV1 bitstream §5.3.2).
struct AV1UnitHeader {
    static let sequenceHeader: UInt8 = 1
    static let temporalDelimiter: UInt8 = 2
    static let tileList: UInt8 = 8
    static let padding: UInt8 = 15

    /// A temporal delimiter: type 2 with a size field of zero.
    static let delimiterBytes: [UInt8] = [0x12, 0x00]

    /// What the unit is.
    let type: UInt8
    /// Whether a size field follows.
    let hasSize: Bool
    /// Bytes of this header, without the size field.
    let length: Int
    /// Temporal layer; zero without the second byte.
    let temporalLayer: UInt8
    /// Spatial layer; zero without the second byte.
    let spatialLayer: UInt8

    /// Reads the header of the unit in `range`; `nil` when it is cut short.
    init?(parsing bytes: Span<UInt8>, at range: Range<Int>) {
        guard !range.isEmpty, let first = bytes.byte(at: range.lowerBound), first & 0x80 == 0 else {
            return nil
        }
        type = first >> 3 & 0x0F
        hasSize = first & 0x02 != 0
        guard first & 0x04 != 0 else {
            length = 1
            temporalLayer = 0
            spatialLayer = 0
            return
        }
        guard range.count > 1, let second = bytes.byte(at: range.lowerBound + 1) else { return nil }
        length = 2
        temporalLayer = second >> 5
        spatialLayer = second >> 3 & 3
    }
}

/// Numbers of seven bits per byte, lowest first (AV1 bitstream §4.10.5).
enum LEB128 {
    /// The number at `offset` and the bytes it takes; `nil` when it is cut short or beyond 32 bits.
    static func read(from bytes: Span<UInt8>, at offset: Int) -> (value: Int, size: Int)? {
        var value = 0
        for index in 0..<8 {
            guard let byte = bytes.byte(at: offset + index) else { return nil }
            value |= Int(byte & 0x7F) << (7 * index)
            if byte & 0x80 == 0 { return value <= UInt32.max ? (value, index + 1) : nil }
        }
        return nil
    }

    /// Adds a number.
    static func append(_ value: Int, to bytes: inout [UInt8]) {
        var rest = UInt(bitPattern: value)
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
