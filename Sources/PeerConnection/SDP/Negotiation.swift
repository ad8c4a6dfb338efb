package import MediaCore
package import PeerTransport

/// The offer and answer logic of one connection: the part of JSEP (RFC 8829) that rooms use, for either side.
///
/// Sections keep their place and their `mid` for ever; all of them share one transport (max-bundle, RFC
/// 8843). A
/// section that is not needed becomes inactive and may be used again. Nothing changes when a
/// description is refused.
///
/// Offering side: `addSection`, `createOffer`, `acceptAnswer`. Answering side: `setRemoteOffer`, then
/// changes to the
/// sections, then `createAnswer`.
package struct Negotiation: Sendable {
    /// Where an exchange stands (RFC 8829 §3.2).
    package enum SignalingState: Hashable, Sendable {
        case stable, haveLocalOffer, haveRemoteOffer
    }

    /// The sections in the order of their `m=` lines.
    package internal(set) var sections: [MediaSection] = []
    /// Where the exchange stands.
    package internal(set) var state = SignalingState.stable
    /// The DTLS side of this connection, once an exchange has fixed it.
    package internal(set) var dtlsRole: DTLSRole?
    /// Whether this side made the first offer, which also makes it the controlling ICE agent (RFC 8445
    /// §6.1.1).
    package internal(set) var isInitialOfferer: Bool?
    /// The transport of the other side after the last finished exchange.
    package internal(set) var remoteParameters: TransportParameters?
    /// Whether the other side only answers connectivity checks.
    package internal(set) var isRemoteLite = false
    /// The largest data message the other side takes, in bytes (RFC 8841 §6).
    package internal(set) var remoteMaximumMessageSize = defaultMaximumMessageSize

    /// What counts when a data section does not say its size (RFC 8841 §6.1).
    static let defaultMaximumMessageSize = 65_536
    /// The largest data message this side takes.
    package static let maximumMessageSize = 262_144
    /// The SCTP port everybody uses.
    static let sctpPort: UInt16 = 5_000

    let capabilities: MediaCapabilities
    /// Identifies this side's descriptions.
    let sessionID: String
    /// Version of the last description made.
    var version: UInt64 = 1
    /// The offer that waits for an answer.
    var pendingOffer: SessionDescription?
    /// The remote offer that waits for our answer.
    var pendingRemote: SessionDescription?
    /// Number for the next section made here.
    private var nextMid = 0

    /// Makes a connection without sections; `sessionID` is a random number below 2⁶³.
    ///
    /// `receivedVideo` names the codecs of pictures that may be received; empty = all that are known.
    package init(mode: MediaMode, sessionID: UInt64, receivedVideo: [MediaCodec] = []) {
        capabilities = MediaCapabilities(mode: mode, receivedVideo: receivedVideo)
        self.sessionID = String(sessionID & (UInt64.max >> 1))
    }

    /// Adds a section behind the others; it goes out with the next offer.
    package mutating func addSection(
        _ kind: MediaKind, _ direction: MediaDirection, sending: LocalMedia? = nil, codecs: [MediaCodec] = []
    ) -> MediaID {
        let mid = unusedMid()
        sections.append(
            MediaSection(mid, kind, direction: direction, sending: sending, wantedCodecs: codecs))
        return mid
    }

    /// Adds the data section unless there is one.
    package mutating func addDataSection() {
        guard !sections.contains(where: { $0.kind == .application }) else { return }
        _ = addSection(.application, .sendrecv)
    }

    /// Changes who is to send in a section with the next exchange.
    package mutating func setDirection(_ direction: MediaDirection, on mid: MediaID) {
        guard let index = index(of: mid) else { return }
        sections[index].direction = direction
    }

    /// Changes what this side sends in a section with the next exchange; the direction follows.
    package mutating func setSending(_ media: LocalMedia?, codecs: [MediaCodec], on mid: MediaID) {
        guard let index = index(of: mid) else { return }
        sections[index].sending = media
        sections[index].wantedCodecs = codecs
        let receives = sections[index].direction.receives
        sections[index].direction = MediaDirection(sends: media != nil, receives: receives)
    }

    /// Says how sound that arrives in a section is to be sent, with the next answer.
    package mutating func setSoundTerms(_ terms: SoundTerms, on mid: MediaID) {
        guard let index = index(of: mid) else { return }
        sections[index].soundTerms = terms
    }

    /// The section called `mid`.
    package func section(_ mid: MediaID) -> MediaSection? {
        sections.first { $0.mid == mid }
    }

    /// The place of a section.
    func index(of mid: MediaID) -> Int? {
        sections.firstIndex { $0.mid == mid }
    }

    /// The other side's sections after the last finished exchange, in order.
    package var remoteSections: [RemoteSection] {
        sections.compactMap { section in section.remote.map { RemoteSection($0, mid: section.mid) } }
    }

    private mutating func unusedMid() -> MediaID {
        while index(of: MediaID(String(nextMid))) != nil { nextMid += 1 }
        return MediaID(String(nextMid))
    }
}

/// Why a step of an exchange is refused.
package enum NegotiationError: Error, Hashable, Sendable {
    /// The step does not fit the state, such as an answer without an offer.
    case wrongState(Negotiation.SignalingState)
    /// The answer has other sections than the offer.
    case sectionsDiffer
    /// The description lacks ICE credentials, a fingerprint or a DTLS role.
    case noTransport
    /// The sections do not share one transport.
    case notBundled
}
