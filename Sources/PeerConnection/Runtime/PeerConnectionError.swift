package import PeerTransport

/// Why a command to a connection was refused.
package enum PeerConnectionError: Error, Hashable, Sendable {
    /// The connection has been closed.
    case closed
    /// A description cannot be read.
    case unreadable(SDPError)
    /// A description does not fit.
    case negotiation(NegotiationError)
    /// There is no certificate to show.
    case noCertificate(DTLSError)
    /// There is no data channel of this name.
    case noDataChannel(label: String)
    /// The other side does not take messages as long as this.
    case messageTooLong(limit: Int)
    /// Too much data waits already: wait for `dataDrained`.
    case dataQueueFull(label: String)
}
