import MediaCore
import PeerConnection
import RTP

/// Measuring how good the connections of clients are.
extension ServerRoom {
    /// Measures every client, once before each round in which qualities are told.
    func measureIfDue(at now: MonotonicTime) {
        guard let round = state.nextRound, round <= now else { return }
        for client in clients.values {
            state.measured(
                lostShare: max(client.lossMeter.read(upload(of: client)), download(of: client)),
                from: client.sid)
        }
    }

    /// What the client has sent so far.
    private func upload(of client: ServerClient) -> (received: Int64, lost: Int64) {
        client.publisher.assumeIsolated { peer in
            let streams = peer.statistics().incoming.map(\.stream)
            return (streams.reduce(0) { $0 + $1.packets }, streams.reduce(0) { $0 + $1.lost })
        }
    }

    /// The worst share that the client reports to lose of what it is sent.
    private func download(of client: ServerClient) -> Double {
        client.downstream.assumeIsolated { peer in
            peer.statistics().outgoing.map(\.stream.fractionLost).max() ?? 0
        }
    }
}

/// Turns growing counters into the share lost since the last look.
struct LossMeter: Sendable {
    private var last: (received: Int64, lost: Int64) = (0, 0)

    /// Makes a meter that has seen nothing.
    init() {}

    /// The share of packets lost since the last call, 0 to 1.
    mutating func read(_ totals: (received: Int64, lost: Int64)) -> Double {
        // Counters start again with a new stream, so a step back counts as nothing.
        let received = max(0, totals.received &- last.received)
        let lost = max(0, totals.lost &- last.lost)
        last = totals
        return received + lost == 0 ? 0 : Double(lost) / Double(received + lost)
    }
}
