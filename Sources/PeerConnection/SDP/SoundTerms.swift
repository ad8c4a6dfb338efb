import MediaCore

/// How the sound that arrives in a section is to be sent, which the answer says (RFC 7587 §7, RFC 2198).
///
/// Participants on libwebrtc send copies only if the answer puts RED first, and leave out silence only if it says so.
package struct SoundTerms: Hashable, Sendable {
    /// Whether each packet is to carry the sound of earlier ones once more.
    package var isRedundant: Bool
    /// Whether hardly anything is to be sent while nobody speaks (DTX).
    package var hasPauses: Bool
    /// Whether there are two channels, with the bits that music takes.
    package var isStereo: Bool

    /// Makes terms of their parts.
    package init(isRedundant: Bool, hasPauses: Bool, isStereo: Bool) {
        self.isRedundant = isRedundant
        self.hasPauses = hasPauses
        self.isStereo = isStereo
    }

    /// The codecs of an answer under these terms, with the wanted one first.
    package func applied(to codecs: [CodecDescription]) -> [CodecDescription] {
        (codecs.filter(isWanted) + codecs.filter { !isWanted($0) }).map { codec in
            guard codec.codec == .opus else { return codec }
            var codec = codec
            codec.format = ([codec.format] + parameters).filter { !$0.isEmpty }.joined(separator: ";")
            return codec
        }
    }

    private func isWanted(_ codec: CodecDescription) -> Bool {
        isRedundant ? codec.isNamed("red") : codec.codec == .opus
    }

    private var parameters: [String] {
        (hasPauses ? ["usedtx=1"] : []) + (isStereo ? ["stereo=1", "maxaveragebitrate=510000"] : [])
    }
}
