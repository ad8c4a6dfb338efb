import MediaCore
import PeerTransport
import RTP

extension Negotiation {
    /// Takes an offer of the other side and makes room for its new sections; `createAnswer` finishes
    /// the exchange.
    ///
    /// Between the two, the sections may be told what to send. Nothing changes when the offer is refused.
    package mutating func setRemoteOffer(
        _ offer: SessionDescription
    ) throws(NegotiationError) -> [RemoteSection] {
        guard state != .haveLocalOffer else { throw .wrongState(state) }
        let remote = offer.sharedParameters
        guard remote.credentials != nil, !remote.fingerprints.isEmpty else { throw .noTransport }
        let live = offer.media.filter { !$0.isRejected }
        guard live.count <= 1 || live.allSatisfy({ offer.bundle.contains($0.mid) }) else { throw .notBundled }
        sections = try adopting(offer.media)
        pendingRemote = offer
        state = .haveRemoteOffer
        return zip(offer.media, sections).map { RemoteSection($0, mid: $1.mid) }
    }

    /// Writes the answer to the offer taken before (RFC 8829 §5.3); `transport` says how this side is
    /// reached.
    package mutating func createAnswer(
        _ transport: TransportParameters
    ) throws(NegotiationError) -> SessionDescription {
        guard state == .haveRemoteOffer, let offer = pendingRemote else { throw .wrongState(state) }
        var answer = makeDescription()
        for (section, offered) in zip(sections, offer.media) {
            answer.media.append(self.answer(to: offered, in: section))
        }
        let role = dtlsRole ?? (offer.sharedParameters.setup == .active ? .server : .client)
        var transport = transport
        transport.setup = role == .client ? .active : .passive
        answer.share(transport, among: answer.media.filter { !$0.isRejected }.map(\.mid))
        if offer.bundle.isEmpty { answer.bundle = [] }
        dtlsRole = role
        isInitialOfferer = isInitialOfferer ?? false
        finish(local: answer, remote: offer)
        return answer
    }

    /// The credentials of the offer that waits for our answer.
    var offeredCredentials: ICECredentials? { pendingRemote?.sharedParameters.credentials }

    /// The sections with those that `media` adds, in the order of `media`; own sections not offered yet
    /// stay last.
    private func adopting(_ media: [MediaDescription]) throws(NegotiationError) -> [MediaSection] {
        var adopted = sections
        for (index, offered) in media.enumerated() {
            let mid = offered.mid.isEmpty ? MediaID("section\(index)") : MediaID(offered.mid)
            if index < adopted.count, adopted[index].mid == mid { continue }
            let direction: MediaDirection = offered.kind == .application ? .sendrecv : .recvonly
            let section = MediaSection(mid, offered.kind, direction: direction)
            guard !adopted.contains(where: { $0.mid == mid }) else { throw .sectionsDiffer }
            if index < adopted.count, adopted[index].remote?.isRejected == true {
                // RFC 8829 §5.2.2: the place of a stopped section may be taken by a new one.
                adopted[index] = section
            } else if index >= adopted.count || adopted[index].remote == nil {
                adopted.insert(section, at: min(index, adopted.count))
            } else {
                throw .sectionsDiffer
            }
        }
        return adopted
    }

    private func answer(to offered: MediaDescription, in section: MediaSection) -> MediaDescription {
        guard !offered.isRejected, let kind = section.kind else { return rejection(of: offered, section.mid) }
        guard kind != .application else { return Self.describeData(section.mid) }
        var media = Self.makeMedia(kind, section.mid)
        let wanted = MediaDirection(
            sends: section.direction.sends && section.sending != nil, receives: section.direction.receives)
        media.direction = wanted.intersection(offered.direction.reversed)
        media.multiplexesRTCP = true
        media.reducesRTCP = offered.reducesRTCP
        let codecs = codecs(answering: offered, kind, media.direction, wanted: section.wantedCodecs)
        media.setCodecs(section.soundTerms?.applied(to: codecs) ?? codecs)
        guard !media.codecs.isEmpty else { return rejection(of: offered, section.mid) }
        let sent = media.direction.sends ? section.wantedCodecs : []
        let known = Set(capabilities.extensions(for: kind, sent: sent).map(\.uri))
        media.extensions = offered.extensions.filter { known.contains($0.uri) }
        if media.direction.receives, capabilities.mode == .packets { media.acceptLayers(of: offered) }
        if media.direction.sends, let sending = section.sending {
            let layers = sending.layers.map(\.rid).filter(offered.simulcastReceive.contains)
            media.describe(sending, layers: layers)
        }
        return media
    }

    /// The offered payload types this side knows, in its own order if it wants one and in the offered
    /// one if not.
    private func codecs(
        answering offered: MediaDescription, _ kind: MediaKind, _ direction: MediaDirection,
        wanted: [MediaCodec]
    ) -> [CodecDescription] {
        let known = capabilities.codecs(for: kind, direction: direction, wanted: wanted)
        let common = MediaSection.common(of: offered.codecs, with: known)
        guard !wanted.isEmpty else { return common }
        return wanted.flatMap { codec in
            common.filter { entry in
                let main = entry.repairedPayloadType.flatMap { type in common.first { $0.payloadType == type }
                }
                return (main ?? entry).codec == codec || (entry.isNamed("red") && codec == .opus)
            }
        }
    }

    private func rejection(of offered: MediaDescription, _ mid: MediaID) -> MediaDescription {
        var media = offered
        media.reject(mid: mid)
        return media
    }
}

extension MediaDescription {
    /// Takes the simulcast layers that the other side sends (RFC 8853 §5.3.2).
    fileprivate mutating func acceptLayers(of offered: MediaDescription) {
        let sent = offered.rids.filter(\.isSent).map(\.id)
        let accepted = offered.simulcastSend.filter(sent.contains)
        guard !accepted.isEmpty else { return }
        rids = accepted.map { RestrictionID($0, isSent: false) }
        simulcastReceive = accepted
    }
}
