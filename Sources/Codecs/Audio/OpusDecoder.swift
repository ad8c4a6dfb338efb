import COpus

/// Decodes Opus to 48 kHz mono; stereo packets are mixed down. One thread only, no allocation per packet.
package final class OpusDecoder {
    /// Samples in the longest packet there is, 120 ms (RFC 6716 §3.4 R5): what `decode` needs room for.
    package static let maximumSamples = 5_760

    private let handle: OpaquePointer

    /// Opens a decoder.
    package init() throws(CodecError) {
        var status: Int32 = 0
        guard let handle = opus_decoder_create(48_000, 1, &status), status == OPUS_OK else {
            throw .unavailable(codec: "opus", code: status)
        }
        self.handle = handle
    }

    deinit {
        opus_decoder_destroy(handle)
    }

    /// Decodes a packet and returns the number of samples written.
    package func decode(
        _ packet: [UInt8], into samples: UnsafeMutableBufferPointer<Int16>
    ) throws(CodecError) -> Int {
        // Without bytes libopus would conceal.
        guard !packet.isEmpty else { throw .decodingFailed(code: OPUS_INVALID_PACKET) }
        return try run(packet, into: samples, isCorrecting: false)
    }

    /// Decodes the copy of a lost packet that its successor `next` carries, or conceals when it carries none.
    /// Fills `samples`, which is to be as long as the lost packet: a multiple of 2.5 ms.
    package func decodeFEC(
        from next: [UInt8], into samples: UnsafeMutableBufferPointer<Int16>
    ) throws(CodecError) -> Int {
        guard !next.isEmpty else { return try conceal(into: samples) }
        return try run(next, into: samples, isCorrecting: true)
    }

    /// Makes up sound for a lost packet. Fills `samples`: a multiple of 2.5 ms.
    package func conceal(into samples: UnsafeMutableBufferPointer<Int16>) throws(CodecError) -> Int {
        try run([], into: samples, isCorrecting: false)
    }

    /// How many samples `packet` lasts, or `nil` when it is malformed.
    package static func sampleCount(of packet: [UInt8]) -> Int? {
        let count = opus_packet_get_nb_samples(packet, Int32(clamping: packet.count), 48_000)
        return count > 0 ? Int(count) : nil
    }

    private func run(
        _ packet: [UInt8], into samples: UnsafeMutableBufferPointer<Int16>, isCorrecting: Bool
    ) throws(CodecError) -> Int {
        guard let target = samples.baseAddress else { throw .invalidSettings("no room for samples") }
        let (room, length) = (Int32(clamping: samples.count), Int32(clamping: packet.count))
        let count = packet.withUnsafeBufferPointer { bytes in
            // No bytes at all mean "lost".
            let source = bytes.isEmpty ? nil : bytes.baseAddress
            return opus_decode(handle, source, length, target, room, isCorrecting ? 1 : 0)
        }
        guard count >= 0 else { throw .decodingFailed(code: count) }
        return Int(count)
    }
}
