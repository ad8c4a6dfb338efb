import LiveKitProtocol
import MediaCore
import PeerConnection

/// Listening to the connections of clients.
extension ServerRoom {
    /// Follows what happens on the connections of a client until they are closed or the task is cancelled.
    func run(_ sid: ParticipantSID) async {
        guard let client = clients[sid] else { return }
        let peers = [client.publisher, client.subscriber].compactMap(\.self)
        await withTaskGroup(of: Void.self) { group in
            for peer in peers {
                group.addTask(name: "peer events") { await self.follow(peer, of: sid) }
            }
        }
    }

    private func follow(_ peer: PeerConnection, of sid: ParticipantSID) async {
        for await event in peer.events {
            guard let client = clients[sid] else { return }
            receive(event, on: peer, of: client)
            performAll()
        }
    }

    private func receive(_ event: PeerEvent, on peer: PeerConnection, of client: ServerClient) {
        switch event {
        case .localCandidate(let candidate): announce(candidate, of: peer, to: client)
        case .stateChanged(let state): changed(to: state, peer, of: client)
        case .dataChannelOpen(let label): opened(label, on: peer, of: client)
        case .data(let label, let bytes, _): receive(bytes, on: label, from: client)
        case .sendBitrate(let rate):
            if peer === client.downstream { estimated(rate, for: client) }
        case .gatheringDone, .dataChannelClosed, .dataDrained, .trackStarted, .trackEnded, .keyframeRequested,
            .lossExpected:
            break
        }
    }

    private func changed(to next: PeerConnectionState, _ peer: PeerConnection, of client: ServerClient) {
        switch next {
        case .connected:
            if peer === client.primary { state.becameActive(client.sid, at: SystemClock.now) }
            if peer === client.downstream {
                client.isReceiving = true
                for downlink in client.downlinks {
                    if let track = tracks[downlink.source] { refresh(track, at: SystemClock.now) }
                }
            }
        case .failed, .closed:
            state.lostConnection(client.sid, at: SystemClock.now)
        case .new, .connecting, .disconnected:
            break
        }
    }
}
