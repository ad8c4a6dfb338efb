package import RTP

extension PeerConnection {
    /// `forward` for callers on the network loop's thread, which allocates nothing; `assumeIsolated` allocates twice per
    /// call, and this is called for each packet and subscriber.
    package nonisolated func forwardOnLoop(
        _ header: RTPHeader, payload: Span<UInt8>, original: Span<UInt8>, on mid: MediaID
    ) {
        NetworkLoop.shared.checkIsolated()
        ForwardEntry.forward(self, header, payload, original, mid)
    }
}

/// The way of packets to pass on into a connection.
private enum ForwardEntry {
    private typealias Isolated =
        @Sendable (
            isolated PeerConnection, RTPHeader, Span<UInt8>, Span<UInt8>, MediaID
        ) -> Void
    private typealias Plain =
        @Sendable (
            PeerConnection, RTPHeader, Span<UInt8>, Span<UInt8>, MediaID
        ) -> Void

    // SAFETY: both types have one representation; the caller checks that it runs on the connection's executor.
    private static let entry = unsafeBitCast(
        { (peer: isolated PeerConnection, header, payload, original, mid) in
            peer.forward(header, payload: payload, original: original, on: mid)
        } as Isolated,
        to: Plain.self)

    static func forward(
        _ peer: PeerConnection, _ header: RTPHeader, _ payload: Span<UInt8>, _ original: Span<UInt8>,
        _ mid: MediaID
    ) {
        entry(peer, header, payload, original, mid)
    }
}
