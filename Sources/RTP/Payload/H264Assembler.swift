import MediaCore

/// Joins the payloads of one H.264 picture to units with start codes (H.264 Annex B).
struct H264Assembler: Sendable {
    /// Header of the unit whose fragments are coming in.
    private var openUnit: UInt8?
    private var hasUnits = false

    mutating func add(_ payload: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
        guard let first = payload.byte(at: 0) else { return false }
        let type = first & 0x1F
        if type == H264Payload.UnitType.fragment { return addFragment(payload, indicator: first, to: &bytes) }
        guard openUnit == nil else { return false }
        hasUnits = true
        switch type {
        case H264Payload.UnitType.aggregate:
            return H264Payload.forEachUnit(ofAggregate: payload) { range in
                Self.appendStartCode(to: &bytes)
                bytes.append(payload.extracting(range))
            }
        case 1...23:
            Self.appendStartCode(to: &bytes)
            bytes.append(payload)
            return true
        default:
            return false
        }
    }

    mutating func finish() -> Bool {
        defer { self = H264Assembler() }
        return hasUnits && openUnit == nil
    }

    /// RFC 6184 §5.8: the first two bytes together hold what was the header of the unit.
    private mutating func addFragment(
        _ payload: Span<UInt8>, indicator: UInt8, to bytes: inout [UInt8]
    ) -> Bool {
        guard let header = payload.byte(at: 1), payload.count > 2 else { return false }
        let unit = indicator & 0xE0 | header & 0x1F
        if header & 0x80 != 0 {
            guard openUnit == nil else { return false }
            Self.appendStartCode(to: &bytes)
            bytes.append(unit)
            openUnit = unit
            hasUnits = true
        }
        guard let open = openUnit, open & 0x1F == unit & 0x1F else { return false }
        bytes.append(payload.extracting(2..<payload.count))
        if header & 0x40 != 0 { openUnit = nil }
        return true
    }

    private static func appendStartCode(to bytes: inout [UInt8]) {
        bytes.append(bigEndian: 1 as UInt32)
    }
}
