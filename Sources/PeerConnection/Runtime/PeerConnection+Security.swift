import Logging
import MediaCore
import PeerTransport

// The secure session on the path: DTLS, and SCTP inside it.
extension PeerConnection {
    /// Makes the DTLS session when there is a path and both sides are known; the client side begins to speak.
    func startSecurity() {
        guard dtls == nil, iceState == .connected || negotiation.dtlsRole == .server,
            let role = negotiation.dtlsRole, let remote = negotiation.remoteParameters
        else { return }
        do {
            let certificate = try ownCertificate()
            dtls = try DTLSSession(
                role: role, certificate: certificate, expectedFingerprints: remote.fingerprints)
        } catch {
            logger.error("cannot start DTLS", metadata: ["error": "\(error)"])
            return
        }
        dtls?.start(at: SystemClock.now)
        drainSecurity()
        arm()
    }

    /// Takes a DTLS datagram.
    func receiveSecurity(_ datagram: borrowing PacketBuffer, at now: MonotonicTime) {
        datagram.withBytes { dtls?.receive($0, at: now) }
        drainSecurity()
        arm()
    }

    /// Performs what the DTLS session wants done.
    ///
    /// SCTP sends through DTLS while it is being fed from here: it only adds outputs then, which this
    /// loop performs.
    func drainSecurity() {
        guard !isDrainingDTLS else { return }
        isDrainingDTLS = true
        while let output = dtls?.nextOutput() { perform(output) }
        isDrainingDTLS = false
    }

    private func perform(_ output: DTLSOutput) {
        switch output {
        case .transmit(let datagram):
            datagram.withUnsafeBytes { _ = ice?.send($0) }
        case .connected(let keys):
            isSecure = true
            secureMedia(keys)
            startData()
            updateState()
        case .applicationData(let packet):
            packet.withUnsafeBytes { association?.receive($0) }
            drainData()
        case .closed:
            close()
        case .failed(let error):
            logger.error("DTLS failed", metadata: ["error": "\(error)"])
            isSecure = false
            hasSecurityFailed = true
            updateState()
        }
    }

    /// Tells the other side that the session ends.
    func closeSecurity() {
        dtls?.close()
        while let output = dtls?.nextOutput() {
            if case .transmit(let datagram) = output { datagram.withUnsafeBytes { _ = ice?.send($0) } }
        }
        dtls = nil
        isSecure = false
    }
}
