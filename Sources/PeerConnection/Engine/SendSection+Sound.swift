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
        scratch.removeAll(keepingCapacity: true)
        redundancy?.set(generations: min(loss.copyCount, LossExpectation.affordableCopies(within: bitrate)))
        redundancy?.packetize(
            frame.bytes, timestamp: frame.timestamp, maximumPayload: maximumPayload, into: &scratch)
        let bytes = scratch
        return stream.append(
            prefix: Span(), payload: bytes.span, marker: false, timestamp: frame.timestamp,
            payloadType: redundancyType, audioLevel: level)
    }
}
