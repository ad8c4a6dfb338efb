import MediaCore

/// Cuts H.264 pictures into payloads: small units together (STAP-A), large ones in pieces (FU-A), as packetization
/// mode 1 allows (RFC 6184 §6.3).
package struct H264Packetizer: Sendable {
    /// Makes a packetizer.
    package init() {}

    /// Says for each payload what stands in front, which bytes of the frame follow, and whether it is the last.
    func packetize(
        _ frame: EncodedFrame, maximumPayload: Int, prefix: inout [UInt8],
        _ emit: (_ prefix: [UInt8], _ range: Range<Int>, _ marker: Bool) -> Void
    ) {
        let bytes = frame.bytes
        let units = AnnexB.units(of: bytes.span).filter { !Self.isLeftOut(bytes[$0.lowerBound]) }
        var next = 0
        while next < units.count {
            let end = Self.endOfAggregate(units, from: next, room: maximumPayload)
            let isLast = end == units.count
            prefix.removeAll(keepingCapacity: true)
            if end > next + 1 {
                Self.aggregate(units[next..<end], of: bytes, into: &prefix)
                emit(prefix, 0..<0, isLast)
            } else if units[next].count <= maximumPayload {
                emit(prefix, units[next], isLast)
            } else {
                Self.fragment(
                    units[next], of: bytes, room: maximumPayload, isLast: isLast, prefix: &prefix, emit)
            }
            next = end
        }
    }

    /// Delimiters say nothing that the marker does not, and filler says nothing at all.
    private static func isLeftOut(_ header: UInt8) -> Bool {
        let type = header & 0x1F
        return type == H264Payload.UnitType.accessUnitDelimiter || type == H264Payload.UnitType.filler
    }

    /// How far the units go that fit into one packet with the first.
    private static func endOfAggregate(_ units: [Range<Int>], from first: Int, room: Int) -> Int {
        var size = 1
        var end = first
        while end < units.count, size + 2 + units[end].count <= room {
            size += 2 + units[end].count
            end += 1
        }
        return max(end, first + 1)
    }

    /// RFC 6184 §5.7.1: each unit behind its length; the header takes the highest importance of all.
    private static func aggregate(
        _ units: ArraySlice<Range<Int>>, of bytes: [UInt8], into payload: inout [UInt8]
    ) {
        let importance = units.map { bytes[$0.lowerBound] & 0x60 }.max() ?? 0
        payload.append(importance | H264Payload.UnitType.aggregate)
        for unit in units {
            payload.append(UInt8(truncatingIfNeeded: unit.count >> 8))
            payload.append(UInt8(truncatingIfNeeded: unit.count))
            payload.append(bytes.span.extracting(unit))
        }
    }

    /// RFC 6184 §5.8: the header of the unit is spread over two bytes in front of each piece.
    private static func fragment(
        _ unit: Range<Int>, of bytes: [UInt8], room: Int, isLast: Bool, prefix: inout [UInt8],
        _ emit: (_ prefix: [UInt8], _ range: Range<Int>, _ marker: Bool) -> Void
    ) {
        let header = bytes[unit.lowerBound]
        let content = unit.dropFirst()
        forEachShare(of: content.count, room: room - 2) { share in
            let isEnd = share.upperBound == content.count
            prefix.removeAll(keepingCapacity: true)
            prefix.append(header & 0xE0 | H264Payload.UnitType.fragment)
            prefix.append(header & 0x1F | (share.lowerBound == 0 ? 0x80 : 0) | (isEnd ? 0x40 : 0))
            let start = content.lowerBound
            emit(prefix, start + share.lowerBound..<start + share.upperBound, isEnd && isLast)
        }
    }
}
