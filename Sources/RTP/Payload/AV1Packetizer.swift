import MediaCore

/// Cuts AV1 pictures into payloads (RTP payload format for AV1 v1.0 §4 and §5).
///
/// Units lose their size fields and temporal delimiters are dropped. Small units ride in front of a large one; a large
/// one ends its packet.
package struct AV1Packetizer: Sendable {
    /// A unit this small is copied in front of the next.
    private static let smallUnit = 128

    /// Makes a packetizer.
    package init() {}

    /// Says for each payload what stands in front, which bytes of the frame follow, and whether it is the last.
    func packetize(
        _ frame: EncodedFrame, maximumPayload: Int, prefix: inout [UInt8],
        _ emit: (_ prefix: [UInt8], _ range: Range<Int>, _ marker: Bool) -> Void
    ) {
        let bytes = frame.bytes
        guard let units = AV1Unit.units(of: bytes.span) else { return }
        var front = AV1Front()
        // §4.4: N says that a coded video sequence begins, and only its first packet has it.
        var startsSequence = frame.isKeyframe
        for (index, unit) in units.enumerated() {
            let isLast = index == units.count - 1
            if !isLast, unit.count <= Self.smallUnit, front.unitCount < 2,
                front.bytes.count + unit.count + 2 < maximumPayload / 4
            {
                front.append(unit, of: bytes)
                continue
            }
            send(
                unit, behind: front, isLast: isLast, startsSequence: startsSequence, room: maximumPayload - 1,
                prefix: &prefix, emit)
            front = AV1Front()
            startsSequence = false
        }
    }

    /// Sends one unit in as many packets as it needs, the first of which begins with the small ones.
    private func send(
        _ unit: AV1Unit, behind front: AV1Front, isLast: Bool, startsSequence: Bool, room: Int,
        prefix: inout [UInt8], _ emit: (_ prefix: [UInt8], _ range: Range<Int>, _ marker: Bool) -> Void
    ) {
        let lead = front.bytes.count + unit.header.count
        forEachShare(of: lead + unit.content.count, room: room) { share in
            let isFirst = share.lowerBound == 0
            let isEnd = share.upperBound == lead + unit.content.count
            prefix.removeAll(keepingCapacity: true)
            let elements = isFirst ? front.unitCount + 1 : 1
            prefix.append(
                (isFirst ? 0 : 0x80) | (isEnd ? 0 : 0x40) | UInt8(truncatingIfNeeded: elements) << 4
                    | (isFirst && startsSequence ? 0x08 : 0))
            if isFirst {
                prefix.append(contentsOf: front.bytes)
                prefix.append(contentsOf: unit.header)
            }
            let start = unit.content.lowerBound - lead
            emit(
                prefix, start + max(lead, share.lowerBound)..<start + max(lead, share.upperBound),
                isEnd && isLast)
        }
    }
}

/// Small units in front of another in the same packet, each behind its length (§4.3).
private struct AV1Front {
    var bytes: [UInt8] = []
    var unitCount = 0

    mutating func append(_ unit: AV1Unit, of frame: [UInt8]) {
        LEB128.append(unit.count, to: &bytes)
        bytes.append(contentsOf: unit.header)
        bytes.append(frame.span.extracting(unit.content))
        unitCount += 1
    }
}

/// A unit as it is sent: without size field.
struct AV1Unit {
    /// The header, one or two bytes, that says there is no size field.
    var header: [UInt8]
    /// Where its content is in the frame.
    var content: Range<Int>

    /// Bytes it takes in a packet.
    var count: Int { header.count + content.count }

    /// The units of a temporal unit that are to be sent; `nil` when it is malformed.
    static func units(of bytes: Span<UInt8>) -> [AV1Unit]? {
        var units: [AV1Unit] = []
        var offset = 0
        while offset < bytes.count {
            guard let header = AV1UnitHeader(parsing: bytes, at: offset..<bytes.count) else { return nil }
            var content = offset + header.length..<bytes.count
            if header.hasSize {
                guard let (size, width) = LEB128.read(from: bytes, at: content.lowerBound),
                    case let start = content.lowerBound + width, size <= bytes.count - start
                else { return nil }
                content = start..<start + size
            }
            if isSent(header.type) {
                var first = [bytes[offset] & ~0x02]
                if header.length == 2 { first.append(bytes[offset + 1]) }
                units.append(AV1Unit(header: first, content: content))
            }
            offset = content.upperBound
        }
        return units
    }

    /// §5: delimiters and tile lists have no place in packets; padding is of no use.
    private static func isSent(_ type: UInt8) -> Bool {
        type != AV1UnitHeader.temporalDelimiter && type != AV1UnitHeader.tileList
            && type != AV1UnitHeader.padding
    }
}
