/// Names the sender of one stream of packets within a session (RFC 3550 §3).
package struct SSRC: Hashable, Sendable {
    /// The number on the wire.
    package var value: UInt32

    /// Makes an identifier from the number on the wire.
    package init(_ value: UInt32) {
        self.value = value
    }

    /// Makes an identifier from the number on the wire.
    package init(value: UInt32) {
        self.value = value
    }
}

extension SSRC: CustomStringConvertible {
    package var description: String { String(value) }
}

/// Says how the payload of a packet is to be read; negotiated in SDP.
package struct PayloadType: Hashable, Sendable {
    /// The number on the wire, 0...127.
    package var value: UInt8

    /// Makes a payload type; the top bit, which is the marker on the wire, is cut off.
    package init(_ value: UInt8) {
        self.value = value & 0x7F
    }

    /// Makes a payload type; the top bit, which is the marker on the wire, is cut off.
    package init(value: UInt8) {
        self.init(value)
    }
}

extension PayloadType: CustomStringConvertible {
    package var description: String { String(value) }
}
