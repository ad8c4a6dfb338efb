import Logging
import MediaCore
import PeerConnection

/// Passing messages on between participants.
extension ServerRoom {
    /// Opens the channels on which the client listens, when they are the server's to open.
    func openData(to client: ServerClient) {
        guard let subscriber = client.subscriber else { return }
        subscriber.assumeIsolated { peer in
            peer.openDataChannel(DataRelay.reliable)
            peer.openDataChannel(DataRelay.lossy, isOrdered: false, maximumRetransmits: 0)
        }
        client.pacer.need()
    }

    /// A channel can be used.
    func opened(_ label: String, on peer: PeerConnection, of client: ServerClient) {
        guard peer === client.dataDownstream else { return }
        for delivery in relay.opened(label, of: client.sid) { deliver(delivery) }
    }

    /// A message of a client.
    func receive(_ bytes: [UInt8], on label: String, from client: ServerClient) {
        guard let sender = state.member(client.sid) else { return }
        for delivery in relay.receive(bytes, on: label, from: sender, members: state.members) {
            deliver(delivery)
        }
    }

    private func deliver(_ delivery: DataRelay.Delivery) {
        guard let client = clients[delivery.receiver] else { return }
        do {
            try client.dataDownstream.assumeIsolated { try $0.send(delivery.bytes, on: delivery.label) }
        } catch {
            // A receiver that does not keep up loses messages, not its session.
            logger.debug("data dropped", metadata: ["error": "\(error)"])
        }
    }
}
