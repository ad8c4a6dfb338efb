/// A session description (RFC 8866) with the parts that WebRTC uses, as values.
///
/// `init(parsing:)` reads what browsers, libwebrtc and pion write and ignores lines it does not know;
/// `string` writes
/// what they accept. Parsing a written description gives the same value again.
package struct SessionDescription: Hashable, Sendable {
    /// Session identifier of the `o=` line, as written.
    package var sessionID = "0"
    /// Version of the `o=` line; grows with each new description of one writer.
    package var version: UInt64 = 0
    /// The `mid`s that share one transport, the first tagged one first (RFC 8843); empty without a group.
    package var bundle: [String] = []
    /// The writer answers connectivity checks and makes none (RFC 8445 §2.7).
    package var isICELite = false
    /// One-byte and two-byte header extensions may be mixed (RFC 8285 §6).
    package var mixesExtensions = false
    /// Transport lines at session level, which hold for every section without its own.
    package var parameters = TransportParameters()
    /// The media sections in order.
    package var media: [MediaDescription] = []

    /// Makes an empty description.
    package init() {}

    /// The transport that all sections share: the first live section's lines, completed from session level.
    package var sharedParameters: TransportParameters {
        let tagged = bundle.first.flatMap { mid in media.first { $0.mid == mid } }
        guard let section = tagged ?? media.first(where: { !$0.isRejected }) ?? media.first else {
            return parameters
        }
        var shared = section.parameters
        shared.credentials = shared.credentials ?? parameters.credentials
        shared.setup = shared.setup ?? parameters.setup
        if shared.fingerprints.isEmpty { shared.fingerprints = parameters.fingerprints }
        shared.candidates += parameters.candidates
        shared.hasAllCandidates = shared.hasAllCandidates || parameters.hasAllCandidates
        return shared
    }
}

/// Why a session description cannot be read.
package enum SDPError: Error, Hashable, Sendable {
    /// Longer than any real description.
    case tooLarge
    /// It does not begin with `v=0`.
    case noVersion
    /// A line whose content is needed does not follow its grammar.
    case malformedLine(String)
}
