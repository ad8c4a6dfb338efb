/// Why a DTLS session could not be made or went wrong.
package enum DTLSError: Error, Hashable, Sendable {
    /// OpenSSL refused a key, a certificate or a setting.
    case setup(String)
    /// The handshake failed; OpenSSL's own words.
    case handshake(String)
    /// The peer's certificate is not the one that signaling announced: somebody may be in between.
    case fingerprintMismatch
    /// The peer offered no SRTP profile that we accept.
    case noSRTPProfile
    /// An established session was broken by a fatal alert or record.
    case broken(String)
}
