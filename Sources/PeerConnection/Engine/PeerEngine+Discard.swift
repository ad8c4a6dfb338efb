import RTP

extension PeerEngine {
    /// Forgets what was passed on in a section: it is neither sent, if it still waits, nor repeated. Packet mode.
    ///
    /// For a key frame in a smaller size that follows on a path that is too narrow: what came before would only
    /// stand in its way.
    package mutating func discardForwarded(on mid: MediaID) {
        guard let section = senders.firstIndex(where: { $0.mid == mid }) else { return }
        pacer.removeAll { $0 >> 4 == section }
        _ = senders[section].withEncoding(0) { $0.stream.forgetPackets() }
    }
}
