import COpenSSL

/// The client side of one TLS connection, as a machine over two memory BIOs.
///
/// Call `start()` once, feed it with `receive` and `send`, and drain `nextOutput()` after every call.
struct TLSClientSession: ~Copyable {
    enum Output {
        /// Write these bytes to the peer.
        case transmit([UInt8])
        /// The handshake is over and the certificate is good.
        case connected
        /// Decrypted bytes of the peer.
        case received([UInt8])
        /// The peer has ended its side.
        case closed
        /// Nothing more will come.
        case failed(TLSError)
    }

    private enum State { case handshaking, connected, finished }

    /// Owned; frees both BIOs with it.
    private let session: OpaquePointer
    private var state = State.handshaking
    private var outputs: [Output] = []

    /// Makes a session that accepts only a certificate for `host` by an authority the system trusts.
    ///
    /// The trust store is the system's, or `SSL_CERT_FILE` and `SSL_CERT_DIR`; `authorities` is a
    /// PEM file on top.
    init(host: String, authorities: String?) throws(TLSError) {
        session = try makeSession(host: host, authorities: authorities)
    }

    deinit {
        SSL_free(session)
    }

    /// Begins the handshake.
    mutating func start() {
        advanceHandshake()
        collect()
    }

    /// Takes encrypted bytes of the peer.
    mutating func receive(_ bytes: [UInt8]) {
        guard state != .finished, !bytes.isEmpty else { return }
        BIO_write(SSL_get_rbio(session), bytes, Int32(truncatingIfNeeded: bytes.count))
        if state == .handshaking { advanceHandshake() }
        if state == .connected { decrypt() }
        collect()
    }

    /// Encrypts bytes for the peer; ignored before the handshake is over.
    mutating func send(_ bytes: [UInt8]) {
        guard state == .connected, !bytes.isEmpty else { return }
        ERR_clear_error()
        // A memory BIO grows, so a write is never partial.
        if SSL_write(session, bytes, Int32(truncatingIfNeeded: bytes.count)) <= 0 { fail() }
        collect()
    }

    /// Says goodbye (close_notify).
    mutating func close() {
        guard state == .connected else { return }
        state = .finished
        ERR_clear_error()
        SSL_shutdown(session)
        collect()
    }

    /// Takes the next thing to do, until `nil`.
    mutating func nextOutput() -> Output? {
        outputs.isEmpty ? nil : outputs.removeFirst()
    }

    private mutating func advanceHandshake() {
        ERR_clear_error()
        let status = SSL_do_handshake(session)
        if status == 1 {
            state = .connected
            collect()
            outputs.append(.connected)
        } else if !isWaiting(status) {
            fail()
        }
    }

    private mutating func decrypt() {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while state == .connected {
            ERR_clear_error()
            let count = SSL_read(session, &buffer, Int32(buffer.count))
            if count > 0 {
                outputs.append(.received(Array(buffer.prefix(Int(count)))))
            } else if SSL_get_error(session, count) == SSL_ERROR_ZERO_RETURN {
                state = .finished
                outputs.append(.closed)
            } else if isWaiting(count) {
                return
            } else {
                fail()
            }
        }
    }

    private func isWaiting(_ status: Int32) -> Bool {
        let error = SSL_get_error(session, status)
        return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE
    }

    private mutating func fail() {
        state = .finished
        let error = TLSError(session)
        // The alert that tells the peer goes out first.
        collect()
        outputs.append(.failed(error))
    }

    private mutating func collect() {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while case let count = BIO_read(SSL_get_wbio(session), &buffer, Int32(buffer.count)), count > 0 {
            outputs.append(.transmit(Array(buffer.prefix(Int(count)))))
        }
    }
}

/// A session whose memory BIOs it owns; the caller owns the session.
private func makeSession(host: String, authorities: String?) throws(TLSError) -> OpaquePointer {
    ERR_clear_error()
    guard let context = SSL_CTX_new(TLS_client_method()) else { throw .other(TLSError.takeQueue()) }
    // The session keeps its own reference to the context.
    defer { SSL_CTX_free(context) }
    _ = rk_openssl_set_version_range(context, TLS1_2_VERSION, TLS1_3_VERSION)
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    SSL_CTX_set_default_verify_paths(context)
    if let authorities, SSL_CTX_load_verify_locations(context, authorities, nil) != 1 {
        throw .other("cannot read the certificates in \(authorities): \(TLSError.takeQueue())")
    }
    guard let session = SSL_new(context) else { throw .other(TLSError.takeQueue()) }
    guard let fromPeer = BIO_new(BIO_s_mem()), let toPeer = BIO_new(BIO_s_mem()), expect(host, from: session)
    else {
        SSL_free(session)
        throw .other("\(host) cannot be checked: \(TLSError.takeQueue())")
    }
    rk_openssl_set_eof_return(fromPeer, -1)
    rk_openssl_set_eof_return(toPeer, -1)
    // The session owns both BIOs from here on.
    SSL_set_bio(session, fromPeer, toPeer)
    SSL_set_connect_state(session)
    return session
}

/// RFC 9525 §6: the name, or the address, must stand in the certificate.
private func expect(_ host: String, from session: OpaquePointer) -> Bool {
    if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1 { return true }
    ERR_clear_error()
    SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
    return SSL_set1_host(session, host) == 1 && rk_openssl_set_server_name(session, host) == 1
}
