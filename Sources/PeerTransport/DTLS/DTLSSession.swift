import COpenSSL
package import MediaCore
import TLS

/// One DTLS 1.2 session over datagrams: handshake, media keys, application data (RFC 6347, RFC 5764).
///
/// A machine in all but one point: OpenSSL reads its own clock for retransmissions, so `now` only places the
/// deadlines, and loss is tested in real time. One mutation, then drain `nextOutput()`, then the next.
package struct DTLSSession: ~Copyable {
    /// Larger datagrams than this are not ours and are dropped.
    package static let maximumDatagram = 2_048
    /// What one outgoing datagram may carry, below every path MTU met in practice.
    package static let mtu = 1_200

    private enum State { case handshaking, connected, over }

    private let context: OpaquePointer
    private let session: OpaquePointer
    private let incoming: MemoryBIO
    private let outgoing: MemoryBIO
    /// Certificates that signaling announced; the peer must show one of them.
    private let expectedFingerprints: [Fingerprint]
    /// Which half of the exported keys is ours.
    private let role: DTLSRole
    private var state = State.handshaking
    private var outputs: [DTLSOutput] = []
    /// When OpenSSL wants to repeat its last flight.
    package private(set) var nextDeadline: Deadline?

    /// Makes a session that is silent until `start(at:)` or the first datagram.
    package init(
        role: DTLSRole, certificate: Certificate, expectedFingerprints: [Fingerprint],
        profiles: [SRTPProfile] = SRTPProfile.byPreference
    ) throws(DTLSError) {
        let context = try DTLSContext.make(certificate: certificate, profiles: profiles)
        guard let session = SSL_new(context), let incoming = MemoryBIO(), let outgoing = MemoryBIO() else {
            SSL_CTX_free(context)
            throw .setup(OpenSSLErrors.take())
        }
        SSL_set_bio(session, incoming.handle, outgoing.handle)  // the session owns both from here
        rk_openssl_set_mtu(session, Self.mtu)
        DTLS_set_timer_cb(session, nextRetransmissionInterval)
        switch role {
        case .client: SSL_set_connect_state(session)
        case .server: SSL_set_accept_state(session)
        }
        self.context = context
        self.session = session
        self.incoming = incoming
        self.outgoing = outgoing
        self.expectedFingerprints = expectedFingerprints
        self.role = role
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    /// Sends the first flight if this is the client.
    package mutating func start(at now: MonotonicTime) {
        guard role == .client else { return }
        step(at: now)
    }

    /// Takes one datagram from the peer.
    package mutating func receive(_ datagram: UnsafeRawBufferPointer, at now: MonotonicTime) {
        guard state != .over, !datagram.isEmpty, datagram.count <= Self.maximumDatagram,
            incoming.write(datagram)
        else { return }
        step(at: now)
        incoming.reset()
    }

    /// Encrypts one datagram of application data; false when the session is not up or it does not fit.
    package mutating func send(_ applicationData: UnsafeRawBufferPointer) -> Bool {
        guard state == .connected, !applicationData.isEmpty else { return false }
        ERR_clear_error()
        let count = Int32(clamping: applicationData.count)
        let isWritten = SSL_write(session, applicationData.baseAddress, count) == count
        flush()
        return isWritten
    }

    /// Repeats the last flight when its time has come.
    package mutating func advance(to now: MonotonicTime) {
        guard state != .over, let deadline = nextDeadline, deadline.time <= now else { return }
        ERR_clear_error()
        if rk_openssl_handle_timeout(session) < 0 { fail(.handshake(OpenSSLErrors.take())) }
        flush()
        readDeadline(at: now)
    }

    /// Tells the peer that we are done, and ends the session.
    package mutating func close() {
        guard state != .over else { return }
        end(.closed)
    }

    /// The next thing to do, oldest first; `nil` when everything has been taken.
    package mutating func nextOutput() -> DTLSOutput? {
        outputs.isEmpty ? nil : outputs.removeFirst()
    }

    /// Whether application data can be sent.
    package var isConnected: Bool { state == .connected }

    // MARK: Steps

    private mutating func step(at now: MonotonicTime) {
        ERR_clear_error()
        if state == .handshaking { shakeHands() }
        if state == .connected { readApplicationData() }
        flush()
        readDeadline(at: now)
    }

    private mutating func shakeHands() {
        let result = SSL_do_handshake(session)
        if result == 1 {
            admitPeer()
        } else if !isWaiting(after: result) {
            fail(.handshake(OpenSSLErrors.take()))
        }
    }

    /// Compares the peer with what signaling announced, and only then takes the keys out.
    private mutating func admitPeer() {
        guard Self.isPeer(of: session, amongst: expectedFingerprints) else {
            return end(.failed(.fingerprintMismatch))
        }
        guard let keys = SRTPKeys(exportedFrom: session, role: role) else {
            return end(.failed(.noSRTPProfile))
        }
        state = .connected
        outputs.append(.connected(keys))
    }

    private static func isPeer(of session: OpaquePointer, amongst expected: [Fingerprint]) -> Bool {
        guard let certificate = SSL_get1_peer_certificate(session) else { return false }
        defer { X509_free(certificate) }
        return expected.contains { Fingerprint(of: certificate, algorithm: $0.algorithm) == $0 }
    }

    private mutating func readApplicationData() {
        while state == .connected {
            var result: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: Self.maximumDatagram) { buffer, count in
                result = SSL_read(session, buffer.baseAddress, Int32(buffer.count))
                count = max(0, Int(result))
            }
            if result > 0 {
                outputs.append(.applicationData(bytes))
            } else if SSL_get_error(session, result) == SSL_ERROR_ZERO_RETURN {
                return end(.closed)
            } else if isWaiting(after: result) {
                return
            } else {
                return fail(.broken(OpenSSLErrors.take()))
            }
        }
    }

    private func isWaiting(after result: Int32) -> Bool {
        let reason = SSL_get_error(session, result)
        return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE
    }

    // MARK: Ends

    /// Says goodbye with a close_notify alert before `last`.
    private mutating func end(_ last: DTLSOutput) {
        _ = SSL_shutdown(session)
        flush()
        finish(last)
    }

    /// OpenSSL has already written its alert, and the session must not be used again.
    private mutating func fail(_ error: DTLSError) {
        flush()
        finish(.failed(error))
    }

    private mutating func finish(_ last: DTLSOutput) {
        state = .over
        nextDeadline = nil
        outputs.append(last)
    }

    // MARK: Output

    private mutating func flush() {
        for datagram in DTLSRecords.datagrams(from: outgoing.takeAll(), limit: Self.mtu) {
            outputs.append(.transmit(Array(datagram)))
        }
    }

    private mutating func readDeadline(at now: MonotonicTime) {
        var left = timeval()
        guard state != .over, rk_openssl_get_timeout(session, &left) == 1 else {
            nextDeadline = nil
            return
        }
        let span = Duration.seconds(left.tv_sec) + .microseconds(left.tv_usec)
        nextDeadline = Deadline(now + max(span, .milliseconds(1)), .dtls)
    }
}

/// Repeats after 100 ms, then doubling up to 3 s: media cannot start before the keys are there.
private func nextRetransmissionInterval(session: OpaquePointer?, microseconds: UInt32) -> UInt32 {
    microseconds == 0 ? 100_000 : min(microseconds &* 2, 3_000_000)
}
