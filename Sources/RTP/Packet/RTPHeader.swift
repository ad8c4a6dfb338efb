package import MediaCore

/// What stands in front of the payload of an RTP packet (RFC 3550 §5.1). It is stored inline.
package struct RTPHeader: Hashable, Sendable {
    /// What the payload format makes of it: mostly the last packet of a picture, the first of a talk spurt.
    package var marker: Bool
    /// How the payload is to be read.
    package var payloadType: PayloadType
    /// Number of the packet in its stream; wraps.
    package var sequenceNumber: UInt16
    /// Sampling time in units of the codec's clock; wraps.
    package var timestamp: UInt32
    /// The stream.
    package var ssrc: SSRC
    /// Header extensions (RFC 8285).
    package var extensions: HeaderExtensions

    /// Bytes in front of the payload, in the packet that was parsed.
    package private(set) var headerLength = 0
    /// Bytes behind the payload, in the packet that was parsed.
    package private(set) var paddingLength = 0

    /// Makes a header to be written.
    package init(
        marker: Bool = false, payloadType: PayloadType, sequenceNumber: UInt16, timestamp: UInt32, ssrc: SSRC,
        extensions: HeaderExtensions = HeaderExtensions()
    ) {
        self.marker = marker
        self.payloadType = payloadType
        self.sequenceNumber = sequenceNumber
        self.timestamp = timestamp
        self.ssrc = ssrc
        self.extensions = extensions
    }

    /// Reads the header of a packet; `nil` when it is not a valid RTP packet and is to be dropped.
    package init?(parsing packet: Span<UInt8>, map: HeaderExtensionMap) {
        guard let first = packet.byte(at: 0), first >> 6 == 2,
            let second = packet.byte(at: 1),
            let sequenceNumber = packet.uint16(at: 2),
            let timestamp = packet.uint32(at: 4),
            let ssrc = packet.uint32(at: 8)
        else { return nil }
        self.init(
            marker: second & 0x80 != 0, payloadType: PayloadType(second), sequenceNumber: sequenceNumber,
            timestamp: timestamp, ssrc: SSRC(ssrc))

        headerLength = 12 + 4 * Int(first & 0x0F)
        if first & 0x10 != 0 {
            guard let profile = packet.uint16(at: headerLength),
                let words = packet.uint16(at: headerLength + 2)
            else { return nil }
            let start = headerLength + 4
            headerLength = start + 4 * Int(words)
            guard headerLength <= packet.count else { return nil }
            extensions.read(profile: profile, in: start..<headerLength, of: packet, map: map)
        }
        if first & 0x20 != 0 {
            // RFC 3550 §5.1: the last byte counts the padding, itself included.
            guard let padding = packet.byte(at: packet.count - 1), padding > 0 else { return nil }
            paddingLength = Int(padding)
        }
        guard headerLength + paddingLength <= packet.count else { return nil }
    }

    /// Where the payload lies in a packet of `count` bytes that this header was parsed from.
    package func payloadRange(of count: Int) -> Range<Int> {
        headerLength..<max(headerLength, count - paddingLength)
    }

    /// Adds the header to an empty buffer and returns its length; the payload is appended behind it.
    ///
    /// There are no contributing sources and no padding. Extensions without an id in `map` are left out.
    @discardableResult
    package func write(into buffer: inout PacketBuffer, map: HeaderExtensionMap) -> Int {
        write(into: &buffer, map: map, copying: Span())
    }

    /// Writes the header together with the opaque extensions of `original`, the packet this header was
    /// parsed from.
    @discardableResult
    package func write(
        into buffer: inout PacketBuffer, map: HeaderExtensionMap, copying original: Span<UInt8>
    ) -> Int {
        buffer.resize(to: 0)
        buffer.append(0x80)
        buffer.append((marker ? 0x80 : 0) | payloadType.value)
        buffer.append(bigEndian: sequenceNumber)
        buffer.append(bigEndian: timestamp)
        buffer.append(bigEndian: ssrc.value)
        extensions.write(into: &buffer, map: map, copying: original)
        if buffer.count > 12 { buffer.store(0x90, at: 0) }
        return buffer.count
    }
}
