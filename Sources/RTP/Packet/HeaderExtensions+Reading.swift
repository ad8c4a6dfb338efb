extension HeaderExtensions {
    /// Takes the elements that lie in `range` of `packet`, which follows the profile and length words
    /// (RFC 8285 §4).
    mutating func read(profile: UInt16, in range: Range<Int>, of packet: Span<UInt8>, map: HeaderExtensionMap)
    {
        if profile == 0xBEDE {
            readOneByteElements(in: range, of: packet, map: map)
        } else if profile & 0xFFF0 == 0x1000 {
            readTwoByteElements(in: range, of: packet, map: map)
        }
    }

    /// RFC 8285 §4.2: id and length share a byte, zero bytes are padding, and id 15 ends it all.
    private mutating func readOneByteElements(
        in range: Range<Int>, of packet: Span<UInt8>, map: HeaderExtensionMap
    ) {
        var offset = range.lowerBound
        while offset < range.upperBound, let first = packet.byte(at: offset) {
            offset += 1
            if first == 0 { continue }
            let id = first >> 4
            let end = offset + Int(first & 0x0F) + 1
            guard id != 15, end <= range.upperBound else { return }
            if let kind = map.kind(of: id) { read(kind, at: offset..<end, of: packet) }
            offset = end
        }
    }

    /// RFC 8285 §4.3: one byte of id and one of length, which may be zero; an id of zero is a byte of
    /// padding.
    private mutating func readTwoByteElements(
        in range: Range<Int>, of packet: Span<UInt8>, map: HeaderExtensionMap
    ) {
        var offset = range.lowerBound
        while offset < range.upperBound, let id = packet.byte(at: offset) {
            offset += 1
            if id == 0 { continue }
            guard offset < range.upperBound, let length = packet.byte(at: offset) else { return }
            offset += 1
            let end = offset + Int(length)
            guard end <= range.upperBound else { return }
            if let kind = map.kind(of: id) { read(kind, at: offset..<end, of: packet) }
            offset = end
        }
    }
}
