/// How H.264 lies in packets: single units, several in one (STAP-A), one in several (FU-A) (RFC 6184 §5.2).
enum H264Payload {
    /// Types of network abstraction layer units (H.264 table 7-1) and of packets (RFC 6184 table 1).
    enum UnitType {
        static let slice: UInt8 = 1
        static let keyframeSlice: UInt8 = 5
        static let supplementalInformation: UInt8 = 6
        static let sequenceParameters: UInt8 = 7
        static let pictureParameters: UInt8 = 8
        static let accessUnitDelimiter: UInt8 = 9
        static let filler: UInt8 = 12
        static let aggregate: UInt8 = 24
        static let fragment: UInt8 = 28
    }

    /// What a payload says about its picture; `nil` when it is malformed or of a type that mode 1 does
    /// not have.
    static func inspect(_ payload: Span<UInt8>, marker: Bool) -> PayloadInfo? {
        var info = PayloadInfo(startsFrame: false, endsFrame: marker, isKeyframe: false)
        guard let first = payload.byte(at: 0) else { return nil }
        switch first & 0x1F {
        case UnitType.aggregate:
            guard
                forEachUnit(
                    ofAggregate: payload,
                    { range in
                        guard let header = payload.byte(at: range.lowerBound) else { return }
                        info.learn(unit: header & 0x1F, next: payload.byte(at: range.lowerBound + 1))
                    })
            else { return nil }
        case UnitType.fragment:
            guard let header = payload.byte(at: 1), payload.count > 2 else { return nil }
            if header & 0x80 != 0 {
                info.learn(unit: header & 0x1F, next: payload.byte(at: 2))
            } else {
                info.isKeyframe = header & 0x1F == UnitType.keyframeSlice
            }
        case 1...23:
            info.learn(unit: first & 0x1F, next: payload.byte(at: 1))
        default:
            return nil
        }
        return info
    }

    /// Calls `body` with the place of each unit in a STAP-A; false when it is malformed (RFC 6184 §5.7.1).
    static func forEachUnit(ofAggregate payload: Span<UInt8>, _ body: (Range<Int>) -> Void) -> Bool {
        var offset = 1
        while offset < payload.count {
            guard let length = payload.uint16(at: offset), length > 0 else { return false }
            let range = offset + 2..<offset + 2 + Int(length)
            guard range.upperBound <= payload.count else { return false }
            body(range)
            offset = range.upperBound
        }
        return offset > 1
    }
}

extension PayloadInfo {
    /// Takes the type of a unit that begins in the packet, and the byte behind its header.
    fileprivate mutating func learn(unit type: UInt8, next: UInt8?) {
        switch type {
        case H264Payload.UnitType.slice, H264Payload.UnitType.keyframeSlice:
            // first_mb_in_slice, an Exp-Golomb number (H.264 §7.3.3), is zero when its first bit is one.
            if let next, next & 0x80 != 0 { startsFrame = true }
            if type == H264Payload.UnitType.keyframeSlice { isKeyframe = true }
        case H264Payload.UnitType.sequenceParameters:
            startsFrame = true
            isKeyframe = true
        case H264Payload.UnitType.supplementalInformation, H264Payload.UnitType.pictureParameters,
            H264Payload.UnitType.accessUnitDelimiter:
            startsFrame = true
        default:
            break
        }
    }
}
