/// Who speaks first in a DTLS handshake, from `a=setup` (RFC 8842 §5.2).
package enum DTLSRole: Hashable, Sendable {
    /// Sends the first flight: `a=setup:active`.
    case client
    /// Waits for it: `a=setup:passive`.
    case server
}

/// What a DTLS session wants done, or says.
package enum DTLSOutput: Sendable {
    /// Send this datagram to the peer.
    case transmit([UInt8])
    /// The handshake is done and the peer is the announced one; here are the media keys.
    case connected(SRTPKeys)
    /// One decrypted datagram of application data: SCTP.
    case applicationData([UInt8])
    /// Either side ended the session; nothing more will come.
    case closed
    /// The session is over because of an error; nothing more will come.
    case failed(DTLSError)
}
