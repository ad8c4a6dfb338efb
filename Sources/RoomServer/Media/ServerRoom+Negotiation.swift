import Foundation
import LiveKitProtocol
import Logging
import MediaCore
import PeerConnection
import SwiftProtobuf

/// Exchanging session descriptions and candidates with clients.
extension ServerRoom {
    /// Begins with a client right after it was greeted.
    func begin(_ client: ServerClient) {
        for request in client.admission.parameters.tracks {
            receive(.addTrack(request), of: client)
        }
        if let offer = client.admission.parameters.offer { answer(offer, of: client) }
        performAll()
    }

    private func receive(_ message: Livekit_SignalRequest.OneOf_Message, of client: ServerClient) {
        var request = Livekit_SignalRequest()
        request.message = message
        guard let bytes: [UInt8] = try? request.serializedBytes() else { return }
        receive(bytes, from: client.sid)
    }

    /// Answers an offer of the client.
    func answer(_ offer: Livekit_SessionDescription, of client: ServerClient) {
        do {
            let sections = try client.publisher.assumeIsolated { try $0.setRemoteOffer(offer.sdp) }
            if client.subscriber == nil { client.pacer.clientBegan() }
            update(client, from: sections)
            let sdp = try client.publisher.assumeIsolated { try $0.createAnswer() }
            var answer = Livekit_SessionDescription()
            answer.type = "answer"
            answer.sdp = sdp
            answer.id = offer.id
            if client.subscriber == nil { answer.midToTrackID = client.plan.tracks }
            client.send(.answer(answer))
            bindPublished(client)
            guard client.subscriber == nil else { return }
            client.pacer.finish()
            bindDownlinks(client)
            if client.plan.missing(.audio) + client.plan.missing(.video) > 0 { client.pacer.need() }
        } catch {
            give(up: client, after: error)
        }
    }

    /// Takes the client's answer to the last offer; others are too late.
    func accept(_ answer: Livekit_SessionDescription, of client: ServerClient) {
        guard let subscriber = client.subscriber, client.pacer.isBusy,
            answer.id == 0 || answer.id == client.offerNumber
        else { return }
        do {
            try subscriber.assumeIsolated { try $0.acceptAnswer(answer.sdp) }
            client.pacer.finish()
            bindDownlinks(client)
        } catch {
            give(up: client, after: error)
        }
    }

    /// A description cannot be used: the client has to begin anew, unless it is leaving anyway.
    private func give(up client: ServerClient, after error: any Error) {
        if let error = error as? PeerConnectionError, error == .closed {
            state.lostConnection(client.sid, at: SystemClock.now)
        } else {
            logger.warning("description refused", metadata: ["error": "\(error)"])
            state.dismiss(client.sid, reason: .stateMismatch, action: .reconnect)
        }
    }

    /// Takes a candidate of the client.
    func add(_ trickle: Livekit_TrickleRequest, of client: ServerClient) {
        guard
            let candidate = try? JSONDecoder().decode(
                CandidateText.self, from: Data(trickle.candidateInit.utf8))
        else { return }
        let peer = trickle.target == .subscriber ? client.downstream : client.publisher
        peer.assumeIsolated { $0.addRemoteCandidate(candidate.candidate, mid: candidate.sdpMid) }
    }

    /// Tells the client about a candidate of the server.
    func announce(_ candidate: LocalCandidate, of peer: PeerConnection, to client: ServerClient) {
        let text = CandidateText(
            candidate: candidate.candidate, sdpMid: candidate.mid, sdpMLineIndex: candidate.lineIndex)
        guard let json = try? JSONEncoder().encode(text) else { return }
        var trickle = Livekit_TrickleRequest()
        trickle.candidateInit = String(decoding: json, as: UTF8.self)
        trickle.target = peer === client.subscriber ? .subscriber : .publisher
        client.send(.trickle(trickle))
    }

    /// Begins an exchange when something has changed and none is under way.
    func exchangeIfNeeded(_ client: ServerClient) {
        guard client.pacer.begin() else { return }
        guard let subscriber = client.subscriber else {
            var requirement = Livekit_MediaSectionsRequirement()
            requirement.numAudios = UInt32(client.plan.missing(.audio))
            requirement.numVideos = UInt32(client.plan.missing(.video))
            client.send(.mediaSectionsRequirement(requirement))
            return
        }
        do {
            let sdp = try subscriber.assumeIsolated { try $0.createOffer() }
            client.offerNumber &+= 1
            var offer = Livekit_SessionDescription()
            offer.type = "offer"
            offer.sdp = sdp
            offer.id = client.offerNumber
            offer.midToTrackID = client.plan.tracks
            client.send(.offer(offer))
        } catch {
            logger.error("cannot offer", metadata: ["error": "\(error)"])
        }
    }

    /// Takes over what an offer says about the sections: what the client sends, and where it receives.
    private func update(_ client: ServerClient, from sections: [RemoteSection]) {
        for section in sections {
            guard let kind = section.kind, kind != .application else { continue }
            if section.direction.sends && !section.isRejected {
                client.usedForSending.insert(section.mid)
                publish(PublishedSection(section, kind), of: client)
            } else {
                client.parked.removeAll { $0.mid == section.mid.value }
                endPublished(section.mid, of: client)
            }
            let isReceiving = section.direction == .recvonly && !section.isRejected
            // A section in which the client has published stays reserved for that.
            guard client.subscriber == nil, isReceiving, !client.usedForSending.contains(section.mid) else {
                continue
            }
            if let track = client.plan.offer(section.mid, kind) { place(track, in: section.mid, of: client) }
        }
        performAll()
    }
}

/// A candidate in the form of the JSON that browsers use.
private struct CandidateText: Codable {
    var candidate: String
    var sdpMid: String?
    var sdpMLineIndex: Int?
}

extension PublishedSection {
    /// What an offer says about a section in which the client sends.
    init(_ section: RemoteSection, _ kind: MediaKind) {
        // Others are not answered, so they will not be sent.
        let codec = section.codecs.first { $0.codec != nil }
        // libwebrtc names three layers for VP9 too, and then sends them all in the stream of one of them.
        let isScalable = codec?.isNamed("VP9") ?? false
        self.init(
            mid: section.mid.value, cid: section.stream?.track ?? "", type: kind == .audio ? .audio : .video,
            mimeType: codec.map { "\(kind.rawValue)/\($0.name)" } ?? "",
            rids: isScalable ? [] : TrackBlueprint.ascendingRIDs(section.rids))
    }
}
