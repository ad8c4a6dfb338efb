import MediaCore

@testable import RTP

// The parsers take spans, which test expressions cannot hold: these take arrays.

extension RTPHeader {
    init?(parsing packet: [UInt8], map: HeaderExtensionMap) {
        self.init(parsing: packet.span, map: map)
    }
}

extension RTCPPacket {
    static func parseCompound(_ bytes: [UInt8]) -> [RTCPPacket] {
        parseCompound(bytes.span)
    }

    /// The packet as a datagram.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }
}

extension VideoDepacketizer {
    func inspect(_ payload: [UInt8], marker: Bool = false) -> PayloadInfo? {
        inspect(payload.span, marker: marker)
    }

    /// The whole picture; `nil` when the payloads do not make one.
    func assemble(_ payloads: [[UInt8]]) -> [UInt8]? {
        var bytes: [UInt8] = []
        return assemble(payloads, into: &bytes) ? bytes : nil
    }
}

extension VP8Descriptor {
    init?(parsing payload: [UInt8]) {
        self.init(parsing: payload.span)
    }

    /// The descriptor as it is on the wire.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }
}

extension VP9Descriptor {
    init?(parsing payload: [UInt8]) {
        self.init(parsing: payload.span)
    }
}

extension OpusPayload {
    init?(parsing payload: [UInt8]) {
        self.init(parsing: payload.span)
    }
}

extension REDPayload {
    init?(parsing payload: [UInt8]) {
        self.init(parsing: payload.span)
    }
}

extension ShortText {
    init?(bytes: [UInt8]) {
        self.init(bytes.span)
    }
}

extension PacketBuffer {
    /// A copy of the valid bytes.
    var array: [UInt8] { withBytes { Array($0) } }

    mutating func append(_ bytes: [UInt8]) -> Bool {
        append(bytes.span)
    }
}
