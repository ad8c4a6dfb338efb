import MediaCore

/// Joins the payloads of one AV1 picture to a temporal unit: a delimiter, then units with size fields.
struct AV1Assembler: Sendable {
    /// The unit whose elements are coming in; its storage is used again for the next.
    private var unit: [UInt8] = []
    private var isInsideUnit = false
    private var hasUnits = false

    mutating func add(_ payload: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
        guard let packet = AV1Payload(parsing: payload), packet.continues == isInsideUnit else {
            return false
        }
        return packet.forEachElement(of: payload) { range, isLast in
            unit.append(payload.extracting(range))
            isInsideUnit = isLast && packet.isContinued
            return isInsideUnit || finishUnit(to: &bytes)
        }
    }

    mutating func finish() -> Bool {
        defer {
            unit.removeAll(keepingCapacity: true)
            isInsideUnit = false
            hasUnits = false
        }
        return hasUnits && !isInsideUnit
    }

    /// Adds the collected unit to the picture; false when it is malformed.
    private mutating func finishUnit(to bytes: inout [UInt8]) -> Bool {
        let before = bytes.count
        let isSound = unit.isEmpty || Self.append(unit.span, isFirst: !hasUnits, to: &bytes)
        if bytes.count > before { hasUnits = true }
        unit.removeAll(keepingCapacity: true)
        return isSound
    }

    /// Adds a unit with a size field, the first behind a delimiter; false when it is malformed.
    private static func append(_ unit: Span<UInt8>, isFirst: Bool, to bytes: inout [UInt8]) -> Bool {
        guard let header = AV1UnitHeader(parsing: unit, at: 0..<unit.count) else { return false }
        // §5: delimiters are not sent, and tile lists have no place in a real-time stream.
        if header.type == AV1UnitHeader.temporalDelimiter || header.type == AV1UnitHeader.tileList {
            return true
        }

        var content = header.length..<unit.count
        if header.hasSize {
            guard let (size, width) = LEB128.read(from: unit, at: header.length),
                case let start = header.length + width, size <= unit.count - start
            else { return false }
            content = start..<start + size
        }
        if isFirst { bytes.append(contentsOf: AV1UnitHeader.delimiterBytes) }
        bytes.append(unit[0] | 0x02)
        if header.length == 2 { bytes.append(unit[1]) }
        LEB128.append(content.count, to: &bytes)
        bytes.append(unit.extracting(content))
        return true
    }
}
