import COpenSSL

/// The client side of one TLS connection over a byte stream: for TURN over TLS.
///
/// A machine: feed it what the peer sent, drain `nextOutput()` after every call. The peer's certificate
/// must be for the
/// host asked for and lead to an authority that the system trusts.
package struct TLSClientSession: ~Copyable {
    /// What the session wants done, or says.
    package enum Output: Sendable {
        /// Write these bytes to the peer.
        case transmit([UInt8])
        /// The peer is who it should be; plain bytes may be sent.
        case connected
        /// Plain bytes of the peer.
        case received([UInt8])
        /// The session is over, with OpenSSL's words when it failed; nothing more will come.
        case closed(reason: String?)
    }

    private enum State { case handshaking, connected, over }

    /// Owned; it owns both pipes.
    private let session: OpaquePointer
    private let incoming: MemoryBIO
    private let outgoing: MemoryBIO
    private var state = State.handshaking
    private var outputs: [Output] = []

    /// Makes a session with `host`; `authorities` is a PEM file trusted on top of the system's.
    package init(host: String, authorities: String? = nil) throws(DTLSError) {
        let session = try makeClientSession(host: host, authorities: authorities)
        guard let incoming = MemoryBIO(), let outgoing = MemoryBIO() else {
            SSL_free(session)
            throw .setup(OpenSSLErrors.take())
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

    /// Encrypts plain bytes for the peer; false before the handshake is over and after the end.
    package mutating func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard state == .connected, !bytes.isEmpty else { return false }
        ERR_clear_error()
        // A memory pipe grows, so a write is never partial.
        let isWritten = SSL_write(session, bytes.baseAddress, Int32(clamping: bytes.count)) > 0
        flush()
        return isWritten
    }

    /// Says goodbye.
    package mutating func close() {
        guard state != .over else { return }
        _ = SSL_shutdown(session)
        finish(reason: nil)
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
            finish(reason: OpenSSLErrors.take())
        }
    }

    /// Reads one record; false when there is none.
    private mutating func readOnce() -> Bool {
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
            finish(reason: nil)
        } else if !isWaiting(after: result) {
            finish(reason: OpenSSLErrors.take())
        }
        return false
    }

    private func isWaiting(after result: Int32) -> Bool {
        let reason = SSL_get_error(session, result)
        return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE
    }

    /// The last words go out first.
    private mutating func finish(reason: String?) {
        flush()
        state = .over
        outputs.append(.closed(reason: reason))
    }

    private mutating func flush() {
        let bytes = outgoing.takeAll()
        if !bytes.isEmpty { outputs.append(.transmit(bytes)) }
    }
}

/// A session without pipes that accepts only a trusted certificate for `host`; the caller owns it.
private func makeClientSession(host: String, authorities: String?) throws(DTLSError) -> OpaquePointer {
    ERR_clear_error()
    guard let context = SSL_CTX_new(TLS_client_method()) else { throw .setup(OpenSSLErrors.take()) }
    // The session keeps its own reference to the context.
    defer { SSL_CTX_free(context) }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    SSL_CTX_set_default_verify_paths(context)
    if let authorities, SSL_CTX_load_verify_locations(context, authorities, nil) != 1 {
        throw .setup(OpenSSLErrors.take())
    }
    guard rk_openssl_set_version_range(context, TLS1_2_VERSION, TLS1_3_VERSION) == 1,
        let session = SSL_new(context)
    else { throw .setup(OpenSSLErrors.take()) }
    guard expectClientSession(session, host: host) else {
        SSL_free(session)
        throw .setup(OpenSSLErrors.take())
    }
    return session
}

/// RFC 9525 §6: the name, or the address, must stand in the certificate.
private func expectClientSession(_ session: OpaquePointer, host: String) -> Bool {
    if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1 { return true }
    ERR_clear_error()
    SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
    return SSL_set1_host(session, host) == 1 && rk_openssl_set_server_name(session, host) == 1
}
