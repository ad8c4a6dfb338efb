/// How AV1 lies in packets: elements that are units (OBUs) or fragments of them (RTP payload format for
/// AV1 v1.0 §4).
struct AV1Payload {
    /// Whether the first element continues the last unit of the packet before (Z).
    let continues: Bool
    /// Whether the last element goes on in the next packet (Y).
    let isContinued: Bool
    /// Whether a coded video sequence begins with this packet (N).
    let startsSequence: Bool
    /// Number of elements, the last of which has no length; zero when all have one (W).
    private let elementCount: Int

    /// Reads the aggregation header (§4.4); `nil` when it contradicts itself or nothing follows it.
    init?(parsing payload: Span<UInt8>) {
        guard let first = payload.byte(at: 0), payload.count > 1 else { return nil }
        continues = first & 0x80 != 0
        isContinued = first & 0x40 != 0
        elementCount = Int(first >> 4 & 3)
        startsSequence = first & 0x08 != 0
        if continues && startsSequence { return nil }
    }

    /// Calls `body` with the place of each element until it returns false; false then and when lengths
    /// do not fit.
    func forEachElement(of payload: Span<UInt8>, _ body: (_ range: Range<Int>, _ isLast: Bool) -> Bool)
        -> Bool
    {
        var offset = 1
        var index = 0
        while offset < payload.count {
            index += 1
            var length = payload.count - offset
            if index != elementCount {
                guard let (value, size) = LEB128.read(from: payload, at: offset) else { return false }
                offset += size
                length = value
            }
            guard length <= payload.count - offset else { return false }
            let range = offset..<offset + length
            offset += length
            guard body(range, offset == payload.count) else { return false }
        }
        return elementCount == 0 || index == elementCount
    }

    /// What a payload says about its picture; `nil` when it is malformed.
    static func inspect(_ payload: Span<UInt8>, marker: Bool) -> PayloadInfo? {
        guard let packet = AV1Payload(parsing: payload) else { return nil }
        var info = PayloadInfo(
            startsFrame: !packet.continues, endsFrame: marker, isKeyframe: packet.startsSequence)
        var isFirst = true
        let isSound = packet.forEachElement(of: payload) { range, _ in
            defer { isFirst = false }
            guard !(isFirst && packet.continues), let header = AV1UnitHeader(parsing: payload, at: range)
            else {
                return true
            }
            if header.type == AV1UnitHeader.sequenceHeader { info.isKeyframe = true }
            if info.temporalLayer == nil, header.length == 2 {
                info.temporalLayer = header.temporalLayer
                info.spatialLayer = header.spatialLayer
            }
            return true
        }
        return isSound ? info : nil
    }
}
