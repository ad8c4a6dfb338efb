package import MediaCore

/// One packet of encoded sound on its way from the network to the decoder.
package struct ReceivedAudioPacket: Sendable {
    /// Extended sequence number.
    package var sequence: Int64
    /// Extended timestamp at 48 kHz.
    package var timestamp: Int64
    /// When it came.
    package var arrival: MonotonicTime
    /// The Opus packet.
    package var bytes: [UInt8]
    /// How long it plays, in samples at 48 kHz.
    package var sampleCount: Int
    /// Whether its lateness says nothing about the path, because it had been asked for, or waited inside the
    /// packet that ended a pause.
    package var isRepeat: Bool
    /// Whether it came inside a packet that followed it without a pause (RFC 2198), because it got lost itself.
    package var isCopy: Bool

    /// Makes a packet; 20 ms is what nearly all senders use.
    package init(
        sequence: Int64, timestamp: Int64, arrival: MonotonicTime, bytes: [UInt8],
        sampleCount: Int = 960, isRepeat: Bool = false, isCopy: Bool = false
    ) {
        self.sequence = sequence
        self.timestamp = timestamp
        self.arrival = arrival
        self.bytes = bytes
        self.sampleCount = sampleCount
        self.isRepeat = isRepeat
        self.isCopy = isCopy
    }

    /// Whether it says that nothing follows for a while: Opus DTX packets are a TOC and at most one
    /// byte.
    var isDiscontinuous: Bool { bytes.count <= 2 }
}
