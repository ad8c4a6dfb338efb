import COpenSSL

/// Why TLS failed, without the name of the host.
package enum TLSError: Error, Hashable {
    /// The certificate's time is over, or has not come.
    case certificateExpired
    /// No authority that is trusted vouches for the certificate; OpenSSL's words.
    case certificateUntrusted(String)
    /// The certificate is for somebody else.
    case certificateHostMismatch
    /// Anything else, in OpenSSL's words.
    case other(String)

    /// Asks OpenSSL why the last call on a session failed.
    init(_ session: OpaquePointer) {
        let result = Int32(truncatingIfNeeded: SSL_get_verify_result(session))
        let reason =
            X509_verify_cert_error_string(Int(result)).map { String(cString: $0) } ?? "error \(result)"
        switch result {
        case X509_V_OK:
            self = .other(OpenSSLErrors.take(silence: "the connection was closed during the handshake"))
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID:
            self = .certificateExpired
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            self = .certificateHostMismatch
        default:
            self = .certificateUntrusted(reason)
        }
        ERR_clear_error()
    }
}
