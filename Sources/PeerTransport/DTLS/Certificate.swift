import COpenSSL
import TLS

/// A self-signed ECDSA P-256 certificate and its key, made for one client or server run (RFC 8827 §6.5).
package final class Certificate: Sendable {
    // SAFETY: set once, owned here; OpenSSL counts references atomically and only reads a finished key.
    nonisolated(unsafe) let key: OpaquePointer
    // SAFETY: as for `key`.
    nonisolated(unsafe) let x509: OpaquePointer
    /// What the session description says about this certificate: SHA-256.
    package let fingerprint: Fingerprint

    private init(key: OpaquePointer, x509: OpaquePointer, fingerprint: Fingerprint) {
        self.key = key
        self.x509 = x509
        self.fingerprint = fingerprint
    }

    deinit {
        X509_free(x509)
        EVP_PKEY_free(key)
    }

    /// Generates a key and signs a certificate for it; about a millisecond.
    package static func make() throws(DTLSError) -> Certificate {
        ERR_clear_error()
        guard let key = rk_openssl_make_p256_key() else { throw .setup(OpenSSLErrors.take()) }
        guard let x509 = X509_new() else {
            EVP_PKEY_free(key)
            throw .setup(OpenSSLErrors.take())
        }
        guard sign(x509, with: key), let fingerprint = Fingerprint(of: x509, algorithm: .sha256) else {
            X509_free(x509)
            EVP_PKEY_free(key)
            throw .setup(OpenSSLErrors.take())
        }
        return Certificate(key: key, x509: x509, fingerprint: fingerprint)
    }

    /// Fills in and signs `x509`: valid from yesterday, for clocks that are wrong, and for a month.
    private static func sign(_ x509: OpaquePointer, with key: OpaquePointer) -> Bool {
        let day = 86_400
        let name = X509_get_subject_name(x509)
        return X509_set_version(x509, 2) == 1
            && ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), .random(in: 1...(.max / 2))) == 1
            && X509_gmtime_adj(X509_getm_notBefore(x509), -day) != nil
            && X509_gmtime_adj(X509_getm_notAfter(x509), 30 * day) != nil
            && X509_set_pubkey(x509, key) == 1
            && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, "roomclient", -1, -1, 0) == 1
            && X509_set_issuer_name(x509, name) == 1
            && X509_sign(x509, key, EVP_sha256()) > 0
    }
}
