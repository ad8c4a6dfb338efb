package import MediaCore
package import RTP

/// One media section of a connection through all its offers and answers.
package struct MediaSection: Sendable {
    /// Its place-independent name.
    package let mid: MediaID
    /// What it carries; `nil` for remote media that is always rejected.
    package let kind: MediaKind?
    /// Who is to send, as this side wants it; takes effect with the next exchange.
    package var direction: MediaDirection
    /// What this side sends, when its direction lets it.
    package var sending: LocalMedia?
    /// The codecs to use, in order; empty means all.
    package var wantedCodecs: [MediaCodec]
    /// How sound that arrives here is to be sent; `nil` = as the other side likes.
    package var soundTerms: SoundTerms?
    /// What this side wrote last in a finished exchange.
    package internal(set) var local: MediaDescription?
    /// What the other side wrote last in a finished exchange.
    package internal(set) var remote: MediaDescription?

    init(
        _ mid: MediaID, _ kind: MediaKind?, direction: MediaDirection, sending: LocalMedia? = nil,
        wantedCodecs: [MediaCodec] = []
    ) {
        self.mid = mid
        self.kind = kind
        self.direction = direction
        self.sending = sending
        self.wantedCodecs = wantedCodecs
    }

    /// Who sends after the last finished exchange.
    package var currentDirection: MediaDirection {
        guard let local, let remote, !local.isRejected, !remote.isRejected else { return .inactive }
        return local.direction.intersection(remote.direction.reversed)
    }

    /// Payload types to send with: those of the other side that this side knows too, in the other
    /// side's order.
    package var sendingCodecs: [CodecDescription] {
        guard let local, let remote else { return [] }
        return Self.common(of: remote.codecs, with: local.codecs)
    }

    /// Payload types to expect: those of this side that the other side knows too.
    package var receivingCodecs: [CodecDescription] {
        guard let local, let remote else { return [] }
        return Self.common(of: local.codecs, with: remote.codecs)
    }

    /// Extension numbers that both sides agreed on.
    package var extensionMap: HeaderExtensionMap {
        var map = HeaderExtensionMap()
        guard let local, let remote else { return map }
        for entry in remote.extensions where local.extensions.contains(where: { $0.uri == entry.uri }) {
            if let kind = HeaderExtensionKind(uri: entry.uri) { map[kind] = entry.id }
        }
        return map
    }

    /// Simulcast layers the other side takes; empty when it wants one stream.
    package var acceptedLayers: [SendingLayer] {
        guard let sending, let remote else { return [] }
        return sending.layers.filter { remote.simulcastReceive.contains($0.rid) }
    }

    /// The entries of `first` that `second` has too; feedback is what both offer.
    static func common(of first: [CodecDescription], with second: [CodecDescription]) -> [CodecDescription] {
        var primary: Set<PayloadType> = []
        for codec in first where codec.repairedPayloadType == nil && second.contains(where: codec.matches) {
            primary.insert(codec.payloadType)
        }
        return first.compactMap { codec in
            if let repaired = codec.repairedPayloadType {
                return primary.contains(repaired) && second.contains { $0.isNamed("rtx") } ? codec : nil
            }
            guard primary.contains(codec.payloadType), let other = second.first(where: codec.matches) else {
                return nil
            }
            var shared = codec
            shared.feedback = codec.feedback.filter(other.feedback.contains)
            return shared
        }
    }
}
