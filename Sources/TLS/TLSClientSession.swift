import COpenSSL

/// The client side of one TLS connection over a byte stream, as a machine: for WebSocket and TURN.
///
/// Call `start()` once, feed it with `receive` and `send`, and drain `nextOutput()` after every call. The peer's
/// certificate must be for the host asked for and lead to an authority that is trusted.
package struct TLSClientSession: ~Copyable {
    /// What the session wants done, or says.
    package enum Output: Sendable {
        /// Write these bytes to the peer.
        case transmit([UInt8])
        /// The handshake is over and the certificate is good; plain bytes may be sent.
        case connected
        /// Plain bytes of the peer.
        case received([UInt8])
        /// The peer has ended its side; nothing more will come.
        case closed
        /// The session is over because of an error; nothing more will come.
        case failed(TLSError)
    }

    private enum State { case handshaking, connected, over }

    /// Owned; it owns both pipes.
    private let session: OpaquePointer
    private let incoming: MemoryBIO
    private let outgoing: MemoryBIO
    private var state = State.handshaking
    private var outputs: [Output] = []

    /// Makes a session that accepts only a certificate for `host`, a name or an address.
    ///
    /// The trust store is the system's, or `SSL_CERT_FILE` and `SSL_CERT_DIR`; `authorities` is a PEM file on top.
    package init(host: String, authorities: String?) throws(TLSError) {
        let session = try makeSession(host: host, authorities: authorities)
        guard let incoming = MemoryBIO(), let outgoing = MemoryBIO() else {
            SSL_free(session)
            throw .other(OpenSSLErrors.take())
        }
        SSL_set_bio(session, incoming.handle, outgoing.handle)
        SSL_set_connect_state(session)
        self.session = session
        self.incoming = incoming
        self.outgoing = outgoing
    }

    deinit {
        SSL_free(session)
    }

    /// Begins the handshake.
    package mutating func start() {
        step()
    }

    /// Takes encrypted bytes of the peer.
    package mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        guard state != .over, !bytes.isEmpty, incoming.write(bytes) else { return }
        step()
    }

    /// Encrypts plain bytes for the peer; ignored before the handshake is over and after the end.
    package mutating func send(_ bytes: UnsafeRawBufferPointer) {
        guard state == .connected, !bytes.isEmpty else { return }
        ERR_clear_error()
        // A memory pipe grows, so a write is never partial.
        if SSL_write(session, bytes.baseAddress, Int32(clamping: bytes.count)) <= 0 { fail() }
        flush()
    }

    /// The next thing to do, oldest first; `nil` when everything has been taken.
    package mutating func nextOutput() -> Output? {
        outputs.isEmpty ? nil : outputs.removeFirst()
    }

    private mutating func step() {
        ERR_clear_error()
        if state == .handshaking { shakeHands() }
        while state == .connected, readOnce() {}
        flush()
    }

    private mutating func shakeHands() {
        let result = SSL_do_handshake(session)
        if result == 1 {
            state = .connected
            outputs.append(.connected)
        } else if !isWaiting(after: result) {
            fail()
        }
    }

    /// Reads one record; false when there is none.
    private mutating func readOnce() -> Bool {
        ERR_clear_error()
        var result: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
            result = SSL_read(session, buffer.baseAddress, Int32(buffer.count))
            count = max(0, Int(result))
        }
        if result > 0 {
            outputs.append(.received(bytes))
            return true
        }
        if SSL_get_error(session, result) == SSL_ERROR_ZERO_RETURN {
            finish(.closed)
        } else if !isWaiting(after: result) {
            fail()
        }
        return false
    }

    private func isWaiting(after result: Int32) -> Bool {
        let reason = SSL_get_error(session, result)
        return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE
    }

    private mutating func fail() {
        finish(.failed(TLSError(session)))
    }

    /// The last words, such as an alert, go out first.
    private mutating func finish(_ last: Output) {
        flush()
        state = .over
        outputs.append(last)
    }

    private mutating func flush() {
        let bytes = outgoing.takeAll()
        if !bytes.isEmpty { outputs.append(.transmit(bytes)) }
    }
}

/// A session without pipes that accepts only a trusted certificate for `host`; the caller owns it.
private func makeSession(host: String, authorities: String?) throws(TLSError) -> OpaquePointer {
    ERR_clear_error()
    guard let context = SSL_CTX_new(TLS_client_method()) else { throw .other(OpenSSLErrors.take()) }
    // The session keeps its own reference to the context.
    defer { SSL_CTX_free(context) }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    SSL_CTX_set_default_verify_paths(context)
    if let authorities, SSL_CTX_load_verify_locations(context, authorities, nil) != 1 {
        throw .other("cannot read the certificates in \(authorities): \(OpenSSLErrors.take())")
    }
    guard rk_openssl_set_version_range(context, TLS1_2_VERSION, TLS1_3_VERSION) == 1,
        let session = SSL_new(context)
    else { throw .other(OpenSSLErrors.take()) }
    guard expect(host, from: session) else {
        SSL_free(session)
        throw .other("\(host) cannot be checked: \(OpenSSLErrors.take())")
    }
    return session
}

/// RFC 9525 §6: the name, or the address, must stand in the certificate.
private func expect(_ host: String, from session: OpaquePointer) -> Bool {
    if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1 { return true }
    ERR_clear_error()
    SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
    return SSL_set1_host(session, host) == 1 && rk_openssl_set_server_name(session, host) == 1
}
