import MediaCore
import RTP

/// What each payload type of a section means, ready for one look per packet.
struct PayloadTable: Sendable {
    /// What a packet carries.
    enum Meaning: Sendable, Hashable {
        /// Media of a codec this library knows.
        case media(MediaCodec)
        /// Sound with copies of earlier sound.
        case redundancy
        /// A repeat of a packet with this payload type.
        case repeated(PayloadType)
        /// Something negotiated that only a forwarder can use.
        case opaque
    }

    private var meanings: [Meaning?] = Array(repeating: nil, count: 128)

    init(_ codecs: [CodecDescription]) {
        for codec in codecs {
            meanings[Int(codec.payloadType.value & 0x7F)] =
                if let original = codec.repairedPayloadType {
                    .repeated(original)
                } else if codec.isNamed("red") {
                    .redundancy
                } else {
                    codec.codec.map { .media($0) } ?? .opaque
                }
        }
    }

    /// What `payloadType` means; `nil` when it was not negotiated.
    subscript(payloadType: PayloadType) -> Meaning? { meanings[Int(payloadType.value & 0x7F)] }
}
