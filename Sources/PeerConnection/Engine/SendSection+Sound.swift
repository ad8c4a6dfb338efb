import MediaCore
import RTP

extension SendSection.Encoding {
    /// Sends copies when the answer puts them before the sound alone (RFC 2198).
    mutating func updateRedundancy(_ description: SendDescription) {
        guard description.codecs.first?.isNamed("red") == true,
            let sound = description.codecs.first(where: { $0.codec == .opus })
        else {
            redundancy = nil
            return
        }
        redundancyType = description.codecs[0].payloadType
        if redundancy == nil {
            redundancy = REDPacketizer(payloadType: sound.payloadType, generations: loss.copyCount)
        }
    }

    /// How many of the packets before each one carries once more: as many as losses call for and
    /// the path affords.
    private func copyCount(within bitrate: Bitrate?) -> Int {
        guard redundancy != nil else { return 0 }
        return min(loss.copyCount, LossExpectation.affordableCopies(within: bitrate))
    }

    /// The loss that the encoder itself should prepare for, in percent: where copies are sent they mend it, and
    /// the voice keeps all its bits.
    func unmendedLoss(within bitrate: Bitrate?) -> Int {
        copyCount(within: bitrate) > 0 ? 0 : loss.percent
    }

    /// Makes a packet of sound, with copies of those before it if the receiver takes them; answers its number.
    mutating func append(
        sound frame: EncodedFrame, _ payloadType: PayloadType, _ level: AudioLevel?, within bitrate: Bitrate?,
        maximumPayload: Int
    ) -> UInt16 {
        stream.reporter.captured(frame.timestamp, at: frame.captureTime)
        guard redundancy != nil else {
            return stream.append(
                prefix: Span(), payload: frame.bytes.span, marker: false, timestamp: frame.timestamp,
                payloadType: payloadType, audioLevel: level)
        }
        let generations = copyCount(within: bitrate)
        redundancy?.set(generations: generations)
        // Moved out and back, so that the stream can read it without a copy.
        var bytes = scratch
        scratch = []
        bytes.removeAll(keepingCapacity: true)
        redundancy?.packetize(
            frame.bytes, timestamp: frame.timestamp, maximumPayload: maximumPayload, into: &bytes)
        let sequence = stream.append(
            prefix: Span(), payload: bytes.span, marker: false, timestamp: frame.timestamp,
            payloadType: redundancyType, audioLevel: level)
        scratch = bytes
        return sequence
    }
}
