import COpenSSL

/// Why TLS failed, before the host name is added.
enum TLSError: Error, Hashable {
    case certificateExpired
    case certificateUntrusted(String)
    case certificateHostMismatch
    case other(String)

    /// Asks OpenSSL why the last call on a session failed.
    init(_ session: OpaquePointer) {
        let result = Int32(truncatingIfNeeded: SSL_get_verify_result(session))
        let reason =
            X509_verify_cert_error_string(Int(result)).map { String(cString: $0) } ?? "error \(result)"
        switch result {
        case X509_V_OK:
            self = .other(TLSError.takeQueue())
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID:
            self = .certificateExpired
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            self = .certificateHostMismatch
        default:
            self = .certificateUntrusted(reason)
        }
        ERR_clear_error()
    }

    /// The same for people, with the name of the peer.
    func error(host: String) -> WebSocketError {
        switch self {
        case .certificateExpired: .certificateExpired(host: host)
        case .certificateUntrusted(let reason): .certificateUntrusted(host: host, reason: reason)
        case .certificateHostMismatch: .certificateHostMismatch(host: host)
        case .other(let reason): .tlsFailed(host: host, reason: reason)
        }
    }

    /// Empties OpenSSL's error queue of this thread; the texts of its entries, oldest first.
    static func takeQueue() -> String {
        var reasons: [String] = []
        while case let code = ERR_get_error(), code != 0 {
            reasons.append(ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)")
        }
        return reasons.isEmpty
            ? "the connection was closed during the handshake" : reasons.joined(separator: ", ")
    }
}
