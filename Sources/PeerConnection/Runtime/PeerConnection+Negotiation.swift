package import MediaCore
import PeerTransport
package import RTP

extension PeerConnection {
    // MARK: Sections

    /// Adds a section of sound or pictures; it goes out with the next offer. `codecs` limits and orders them.
    package func addTransceiver(
        _ kind: MediaKind, _ direction: MediaDirection, sending: LocalMedia? = nil, codecs: [MediaCodec] = []
    ) -> MediaID {
        negotiation.addSection(kind, direction, sending: sending, codecs: codecs)
    }

    /// Changes who is to send in a section, with the next exchange.
    package func setDirection(_ direction: MediaDirection, on mid: MediaID) {
        negotiation.setDirection(direction, on: mid)
    }

    /// Changes what this side sends in a section, with the next exchange; the direction follows.
    package func setSending(_ media: LocalMedia?, on mid: MediaID, codecs: [MediaCodec] = []) {
        negotiation.setSending(media, codecs: codecs, on: mid)
    }

    /// Says how sound that arrives in a section is to be sent, with the next answer.
    package func setSoundTerms(_ terms: SoundTerms, on mid: MediaID) {
        negotiation.setSoundTerms(terms, on: mid)
    }

    /// The sections as the other side wrote them in the last finished exchange.
    package func remoteSections() -> [RemoteSection] {
        negotiation.remoteSections
    }

    /// Who sends in a section after the last finished exchange.
    package func currentDirection(of mid: MediaID) -> MediaDirection {
        negotiation.section(mid)?.currentDirection ?? .inactive
    }

    /// Simulcast layers that the other side takes in a section; empty when it wants one stream.
    package func acceptedLayers(on mid: MediaID) -> [SendingLayer] {
        negotiation.section(mid)?.acceptedLayers ?? []
    }

    /// Negotiated payload types for sending in a section, in the other side's order.
    package func sendingCodecs(on mid: MediaID) -> [CodecDescription] {
        negotiation.section(mid)?.sendingCodecs ?? []
    }

    /// Negotiated payload types for receiving in a section.
    package func receivingCodecs(on mid: MediaID) -> [CodecDescription] {
        negotiation.section(mid)?.receivingCodecs ?? []
    }

    /// The payload type to send `codec` with.
    package func payloadType(for codec: MediaCodec, on mid: MediaID) -> PayloadType? {
        sendingCodecs(on: mid).first { $0.codec == codec }?.payloadType
    }

    // MARK: Offers and answers

    /// Writes an offer; `iceRestart` begins a new ICE generation.
    package func createOffer(iceRestart: Bool = false) throws(PeerConnectionError) -> String {
        let ice = try openTransport()
        if iceRestart { ice.restart() }
        let transport = try ownParameters()
        return try negotiate { machine throws(NegotiationError) in try machine.createOffer(transport) }.string
    }

    /// Takes the answer to the last offer.
    package func acceptAnswer(_ sdp: String) throws(PeerConnectionError) {
        let ice = try openTransport()
        let answer = try parse(sdp)
        try negotiate { machine throws(NegotiationError) in try machine.acceptAnswer(answer) }
        ice.setControlling(negotiation.isInitialOfferer == true || negotiation.isRemoteLite)
        apply()
    }

    /// Takes an offer; change the sections if need be, then call `createAnswer`.
    package func setRemoteOffer(_ sdp: String) throws(PeerConnectionError) -> [RemoteSection] {
        _ = try openTransport()
        let offer = try parse(sdp)
        return try negotiate { machine throws(NegotiationError) in try machine.setRemoteOffer(offer) }
    }

    /// Writes the answer to the offer taken before.
    package func createAnswer() throws(PeerConnectionError) -> String {
        let ice = try openTransport()
        // RFC 8839 §4.4.1.1.1: an offer with other credentials restarts ICE on this side too.
        if let applied = appliedCredentials, let next = negotiation.offeredCredentials, next != applied {
            ice.restart()
        }
        let transport = try ownParameters()
        let answer = try negotiate { machine throws(NegotiationError) in try machine.createAnswer(transport) }
        ice.setControlling(negotiation.isInitialOfferer == true || negotiation.isRemoteLite)
        apply()
        return answer.string
    }

    /// Takes an offer and answers it at once.
    package func acceptOffer(_ sdp: String) throws(PeerConnectionError) -> String {
        _ = try setRemoteOffer(sdp)
        return try createAnswer()
    }

    private func negotiate<R>(
        _ step: (inout Negotiation) throws(NegotiationError) -> R
    ) throws(PeerConnectionError) -> R {
        do throws(NegotiationError) {
            return try step(&negotiation)
        } catch {
            throw .negotiation(error)
        }
    }

    private func parse(_ sdp: String) throws(PeerConnectionError) -> SessionDescription {
        do throws(SDPError) {
            return try SessionDescription(parsing: sdp)
        } catch {
            throw .unreadable(error)
        }
    }

    private func ownParameters() throws(PeerConnectionError) -> TransportParameters {
        let ice = try openTransport()
        var parameters = TransportParameters()
        parameters.credentials = ice.credentials
        parameters.fingerprints = [try ownCertificate().fingerprint]
        parameters.candidates = ice.localCandidates.map(\.string)
        parameters.hasAllCandidates = ice.hasGathered
        parameters.trickles = true
        return parameters
    }

    /// Puts a finished exchange into force.
    private func apply() {
        applyTransport()
        applyMedia()
        announceTracks()
    }
}
