import COpenSSL
import TLS

/// Settings of a session as OpenSSL wants them: DTLS 1.2, mutual certificates, SRTP profiles.
enum DTLSContext {
    /// Modern key exchange only; the CBC suites at the end are for peers without AEAD.
    private static let ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:!aNULL:!eNULL"

    /// Makes a context that the caller frees.
    static func make(
        certificate: Certificate, profiles: [SRTPProfile]
    ) throws(DTLSError) -> OpaquePointer {
        ERR_clear_error()
        guard let context = SSL_CTX_new(DTLS_method()) else { throw .setup(OpenSSLErrors.take()) }
        rk_openssl_forbid_resumption(context)
        // Trust comes from the fingerprint in the session description, so the chain is not judged here.
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT) { _, _ in 1 }
        let names = profiles.map(\.openSSLName).joined(separator: ":")
        guard rk_openssl_set_version_range(context, DTLS1_2_VERSION, DTLS1_2_VERSION) == 1,
            SSL_CTX_set_cipher_list(context, ciphers) == 1,
            SSL_CTX_use_certificate(context, certificate.x509) == 1,
            SSL_CTX_use_PrivateKey(context, certificate.key) == 1,
            SSL_CTX_set_tlsext_use_srtp(context, names) == 0  // here 0 means success
        else {
            SSL_CTX_free(context)
            throw .setup(OpenSSLErrors.take())
        }
        return context
    }
}
