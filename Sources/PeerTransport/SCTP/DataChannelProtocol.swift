/// A message of the data channel establishment protocol (RFC 8832 §5).
enum DataChannelProtocol: Hashable, Sendable {
    /// DATA_CHANNEL_OPEN.
    case open(DataChannelDescription)
    /// DATA_CHANNEL_ACK.
    case acknowledge

    private enum MessageType {
        static let acknowledge: UInt8 = 0x02
        static let open: UInt8 = 0x03
    }

    private enum ChannelType {
        static let reliable: UInt8 = 0x00
        static let maxRetransmits: UInt8 = 0x01
        static let maxLifetime: UInt8 = 0x02
        static let unordered: UInt8 = 0x80
    }

    /// Type, channel type, priority, reliability, label length and protocol length.
    private static let openLength = 12

    /// Reads a message; `nil` when it is not one.
    init?(parsing bytes: [UInt8]) {
        switch bytes.first {
        case MessageType.acknowledge: self = .acknowledge
        case MessageType.open:
            guard let description = Self.parseOpen(bytes) else { return nil }
            self = .open(description)
        default: return nil
        }
    }

    /// The message as it goes on the wire.
    var bytes: [UInt8] {
        switch self {
        case .acknowledge: [MessageType.acknowledge]
        case .open(let description): Self.bytes(opening: description)
        }
    }

    private static func parseOpen(_ bytes: [UInt8]) -> DataChannelDescription? {
        guard bytes.count >= openLength else { return nil }
        let value = (4..<8).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[$1]) }
        let reliability: DataChannelDescription.Reliability
        switch bytes[1] & ~ChannelType.unordered {
        case ChannelType.reliable: reliability = .reliable
        case ChannelType.maxRetransmits: reliability = .maxRetransmits(value)
        case ChannelType.maxLifetime: reliability = .maxLifetime(value)
        default: return nil
        }
        let labelEnd = openLength + (Int(bytes[8]) << 8 | Int(bytes[9]))
        let end = labelEnd + (Int(bytes[10]) << 8 | Int(bytes[11]))
        guard end <= bytes.count else { return nil }
        return DataChannelDescription(
            label: String(decoding: bytes[openLength..<labelEnd], as: UTF8.self),
            isOrdered: bytes[1] & ChannelType.unordered == 0, reliability: reliability,
            subprotocol: String(decoding: bytes[labelEnd..<end], as: UTF8.self),
            priority: UInt16(bytes[2]) << 8 | UInt16(bytes[3]))
    }

    private static func bytes(opening description: DataChannelDescription) -> [UInt8] {
        let (type, value): (UInt8, UInt32) =
            switch description.reliability {
            case .reliable: (ChannelType.reliable, 0)
            case .maxRetransmits(let count): (ChannelType.maxRetransmits, count)
            case .maxLifetime(let milliseconds): (ChannelType.maxLifetime, milliseconds)
            }
        let label = description.label.utf8.prefix(Int(UInt16.max))
        let subprotocol = description.subprotocol.utf8.prefix(Int(UInt16.max))
        var bytes = [MessageType.open, description.isOrdered ? type : type | ChannelType.unordered]
        bytes.append(bigEndian: description.priority)
        bytes.append(bigEndian: value)
        bytes.append(bigEndian: UInt16(label.count))
        bytes.append(bigEndian: UInt16(subprotocol.count))
        return bytes + label + subprotocol
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
