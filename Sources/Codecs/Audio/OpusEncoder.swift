import COpus
package import MediaCore

/// Encodes sound as Opus: 48 kHz, 20 ms per packet. One thread only.
package final class OpusEncoder {
    /// Samples per channel in one packet.
    package static let samplesPerPacket = 960

    /// The largest packet that Opus makes for one frame (RFC 6716 §3.2.1).
    private static let maximumPacket = 1_275

    private let handle: OpaquePointer
    private let channelCount: Int
    /// Whether the packet before said that nothing follows.
    private var isSilent = false

    /// Opens an encoder for speech.
    package init(settings: OpusEncoderSettings = OpusEncoderSettings()) throws(CodecError) {
        guard (1...2).contains(settings.channelCount) else { throw .invalidSettings("\(settings)") }
        var status: Int32 = 0
        let channels = Int32(settings.channelCount)
        guard let handle = opus_encoder_create(48_000, channels, OPUS_APPLICATION_VOIP, &status),
            status == OPUS_OK
        else { throw .unavailable(codec: "opus", code: status) }
        self.handle = handle
        channelCount = settings.channelCount
        _ = copus_set(handle, OPUS_SET_INBAND_FEC_REQUEST, settings.correctsErrors ? 1 : 0)
        _ = copus_set(handle, OPUS_SET_DTX_REQUEST, settings.omitsSilence ? 1 : 0)
        // Left to guess, the library takes a voice above about 60 kbit/s for music and cares for what nobody hears in it.
        _ = copus_set(handle, OPUS_SET_SIGNAL_REQUEST, settings.isVoice ? OPUS_SIGNAL_VOICE : OPUS_AUTO)
        // The highest complexity without the cost of the last step.
        _ = copus_set(handle, OPUS_SET_COMPLEXITY_REQUEST, 9)
        set(bitrate: settings.bitrate)
        set(expectedLossPercent: settings.expectedLossPercent)
    }

    deinit {
        opus_encoder_destroy(handle)
    }

    /// Encodes 20 ms: 960 samples per channel. `packet` is replaced. The first packet of silence is one byte, which
    /// tells the receiver that this is a pause and no loss; after it `packet` is empty, there is nothing to send: the
    /// RTP timestamp goes on, the sequence number does not (RFC 7587 §3.1.3).
    package func encode(_ period: UnsafeBufferPointer<Int16>, into packet: inout [UInt8]) throws(CodecError) {
        guard period.count == Self.samplesPerPacket * channelCount, let samples = period.baseAddress else {
            throw .invalidSettings("\(period.count) samples are not 20 ms")
        }
        packet.removeAll(keepingCapacity: true)
        packet.append(contentsOf: repeatElement(0, count: Self.maximumPacket))
        let room = Int32(Self.maximumPacket)
        let count = opus_encode(handle, samples, Int32(Self.samplesPerPacket), &packet, room)
        guard count > 0 else {
            packet.removeAll(keepingCapacity: true)
            throw .encodingFailed(code: count)
        }
        // Up to two bytes say "nothing": opus_encode in <opus.h>.
        let says = count > 2
        packet.removeLast(packet.count - (says || !isSilent ? Int(count) : 0))
        isSilent = !says
    }

    /// Changes the rate from the next packet on; the library limits it to 500 bit/s ... 512 kbit/s.
    package func set(bitrate: Bitrate) {
        let limited = min(max(bitrate.bitsPerSecond, 500), 512_000)
        _ = copus_set(handle, OPUS_SET_BITRATE_REQUEST, Int32(limited))
    }

    /// Changes how much loss the encoder prepares for, 0...100 percent.
    package func set(expectedLossPercent: Int) {
        _ = copus_set(handle, OPUS_SET_PACKET_LOSS_PERC_REQUEST, Int32(min(max(expectedLossPercent, 0), 100)))
    }
}
