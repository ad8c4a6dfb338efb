/// Joins the payloads of one AV1 picture to a temporal unit: a delimiter, then units with size fields.
struct AV1Assembler: Sendable {
    /// The unit whose elements are coming in; its storage is used again for the next.
    private var unit: [UInt8] = []
    private var isInsideUnit = false
    private var hasUnits = false

    var isComplete: Bool { hasUnits && !isInsideUnit }

    mutating func add(_ payload: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
        guard let packet = AV1Payload(parsing: payload), packet.continues == isInsideUnit else { return false }
        return packet.forEachElement(of: payload) { range, isLast in
            unit.append(payload.extracting(range))
            isInsideUnit = isLast && packet.isContinued
            return isInsideUnit || finishUnit(to: &bytes)
        }
    }

    /// Adds the collected unit, with a size field, to the picture; false when it is malformed.
    private mutating func finishUnit(to bytes: inout [UInt8]) -> Bool {
        defer { unit.removeAll(keepingCapacity: true) }
        if unit.isEmpty { return true }
        let span = unit.span
        guard let header = AV1UnitHeader(parsing: span, at: 0..<span.count) else { return false }
        // §5: delimiters are not sent, and tile lists have no place in a real-time stream.
        if header.type == AV1UnitHeader.temporalDelimiter || header.type == AV1UnitHeader.tileList { return true }

        var content = header.length..<span.count
        if header.hasSize {
            guard let (size, width) = LEB128.read(from: span, at: header.length),
                case let start = header.length + width, size <= span.count - start
            else { return false }
            content = start..<start + size
        }
        if !hasUnits { bytes.append(contentsOf: [0x12, 0x00]) }
        hasUnits = true
        bytes.append(span[0] | 0x02)
        if header.length == 2 { bytes.append(span[1]) }
        LEB128.append(content.count, to: &bytes)
        bytes.append(span.extracting(content))
        return true
    }
}
