/// How a connection reaches the other side.
package struct TransportStatistics: Hashable, Sendable {
    /// The path in use; `nil` without one.
    package var path: ICEPath?
    /// How far ICE is.
    package var iceState: ICEState
    /// Whether DTLS is up.
    package var isSecure: Bool
    /// Datagrams that the path did not take.
    package var unsentDatagrams: Int
}

extension PeerConnection {
    /// How the other side is reached now.
    package func transportStatistics() -> TransportStatistics {
        TransportStatistics(
            path: ice?.selectedPath, iceState: iceState, isSecure: isSecure, unsentDatagrams: unsentDatagrams)
    }
}
