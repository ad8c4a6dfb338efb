import MediaCore
import PeerTransport

extension Negotiation {
    /// Writes an offer of all sections (RFC 8829 §5.2); `transport` says how this side is reached.
    ///
    /// An offer that was not answered yet is replaced.
    package mutating func createOffer(
        _ transport: TransportParameters
    ) throws(NegotiationError) -> SessionDescription {
        guard state != .haveRemoteOffer else { throw .wrongState(state) }
        var offer = makeDescription()
        for section in sections { offer.media.append(describe(section)) }
        // RFC 8842 §5.5: also a later offer leaves the role open; the answer keeps the one in force.
        var transport = transport
        transport.setup = .actpass
        offer.share(transport, among: offer.media.filter { !$0.isRejected }.map(\.mid))
        pendingOffer = offer
        state = .haveLocalOffer
        return offer
    }

    /// Takes the answer to the pending offer; nothing changes when it is refused.
    package mutating func acceptAnswer(_ answer: SessionDescription) throws(NegotiationError) {
        guard state == .haveLocalOffer, let offer = pendingOffer else { throw .wrongState(state) }
        guard answer.hasSameSections(as: offer) else { throw .sectionsDiffer }
        let remote = answer.sharedParameters
        guard remote.credentials != nil, !remote.fingerprints.isEmpty else { throw .noTransport }
        // RFC 5763 §5: the answer chooses; one that says nothing meant to open the connection itself.
        dtlsRole = dtlsRole ?? (remote.setup == .passive ? .client : .server)
        isInitialOfferer = isInitialOfferer ?? true
        finish(local: offer, remote: answer)
    }

    /// A description without sections, one version later than the last.
    mutating func makeDescription() -> SessionDescription {
        version += 1
        var description = SessionDescription()
        description.sessionID = sessionID
        description.version = version
        description.mixesExtensions = true
        return description
    }

    /// Makes both descriptions the ones in force.
    mutating func finish(local: SessionDescription, remote: SessionDescription) {
        for (index, pair) in zip(local.media, remote.media).enumerated() where index < sections.count {
            sections[index].local = pair.0
            sections[index].remote = pair.1
        }
        remoteParameters = remote.sharedParameters
        isRemoteLite = remote.isICELite
        let data = remote.media.first { $0.kind == .application && !$0.isRejected }
        remoteMaximumMessageSize = data?.maximumMessageSize ?? Self.defaultMaximumMessageSize
        pendingOffer = nil
        pendingRemote = nil
        state = .stable
    }

    private func describe(_ section: MediaSection) -> MediaDescription {
        guard let kind = section.kind, section.remote?.isRejected != true else {
            return describeRejected(section)
        }
        guard kind != .application else { return Self.describeData(section.mid) }
        var media = Self.makeMedia(kind, section.mid)
        let sends = section.direction.sends && section.sending != nil
        media.direction = MediaDirection(sends: sends, receives: section.direction.receives)
        let precedent = answeredDescription(for: section)
        media.extensions =
            precedent?.extensions
            ?? capabilities.extensions(for: kind, sent: sends ? section.wantedCodecs : [])
        media.setCodecs(
            precedent?.codecs
                ?? capabilities.codecs(
                    for: kind, direction: media.direction, wanted: section.wantedCodecs,
                    isRedundant: sends && section.sending?.isRedundant == true))
        if sends, let sending = section.sending { media.describe(sending, layers: sending.layers.map(\.rid)) }
        return media
    }

    /// Numbers that the other side chose in its offers must stay (RFC 3264 §8.3.2).
    private func answeredDescription(for section: MediaSection) -> MediaDescription? {
        guard isInitialOfferer == false else { return nil }
        return section.local
            ?? sections.first { $0.kind == section.kind && $0.local?.isRejected == false }?.local
    }

    private func describeRejected(_ section: MediaSection) -> MediaDescription {
        var media = section.remote ?? MediaDescription(media: "audio", transport: Self.mediaTransport)
        media.reject(mid: section.mid)
        return media
    }

    /// The protocol of media over DTLS (RFC 5764 §8).
    static let mediaTransport = "UDP/TLS/RTP/SAVPF"

    /// A data section (RFC 8841 §9).
    static func describeData(_ mid: MediaID) -> MediaDescription {
        var media = MediaDescription(media: "application", transport: "UDP/DTLS/SCTP")
        media.mid = mid.value
        media.formats = ["webrtc-datachannel"]
        media.sctpPort = sctpPort
        media.maximumMessageSize = maximumMessageSize
        return media
    }

    /// A section of sound or pictures without payload types.
    static func makeMedia(_ kind: MediaKind, _ mid: MediaID) -> MediaDescription {
        var media = MediaDescription(media: kind.rawValue, transport: mediaTransport)
        media.mid = mid.value
        media.multiplexesRTCP = true
        media.reducesRTCP = true
        return media
    }
}
