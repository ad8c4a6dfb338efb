import Logging
package import MediaCore
import PeerTransport

extension PeerConnection {
    // MARK: ICE

    /// Names the STUN and TURN servers to use; has an effect before the first exchange is finished.
    package func update(iceServers: [ICEServer]) {
        self.iceServers = iceServers
    }

    /// Takes a candidate of the other side, as it stands behind `a=`; an empty one ends them (RFC 8838 §8.1).
    package func addRemoteCandidate(_ text: String, mid: String? = nil) {
        guard !text.isEmpty else { return endRemoteCandidates() }
        guard let candidate = ICECandidate(text) else {
            logger.debug("unreadable candidate", metadata: ["candidate": "\(text)"])
            return
        }
        if let usable = remoteCandidates.receive(candidate) { tryCandidate(usable) }
    }

    private func tryCandidate(_ candidate: ICECandidate) {
        if let usable = tcpCandidates.receive(candidate, at: SystemClock.now) { ice?.add(usable) }
        if tcpCandidates.isHolding { arm() }
    }

    /// The other side has no further candidates.
    package func endRemoteCandidates() {
        guard appliedCredentials != nil else { return }
        for candidate in tcpCandidates.end() { ice?.add(candidate) }
        if tcpCandidates.isComplete { ice?.endRemoteCandidates() }
    }

    /// Tries TCP where UDP has led nowhere.
    private func releaseTCP(at now: MonotonicTime) {
        guard tcpCandidates.isHolding else { return }
        for candidate in tcpCandidates.advance(to: now, isConnected: iceState == .connected) {
            ice?.add(candidate)
        }
        if tcpCandidates.isComplete { ice?.endRemoteCandidates() }
    }

    /// The ICE transport, made at the first call.
    func openTransport() throws(PeerConnectionError) -> any ICETransport {
        guard state != .closed else { throw .closed }
        if let ice { return ice }
        var settings = NiceTransport.Settings()
        settings.policy = configuration.transportPolicy
        settings.addresses =
            configuration.bindAddresses.isEmpty
            ? LocalAddresses.all(includesLoopback: configuration.includesLoopback)
            : configuration.bindAddresses
        settings.portRange = configuration.portRange
        settings.allowsTCP = configuration.allowsTCP
        let made = NiceTransport(settings, loop: .shared, client: self, logger: logger)
        ice = made
        timer = LoopTimer(on: .shared) { [weak self] in
            self?.assumeIsolated { $0.advance() }
        }
        return made
    }

    /// Puts the transport part of a finished exchange into force.
    func applyTransport() {
        guard let ice, let remote = negotiation.remoteParameters, let credentials = remote.credentials else {
            return
        }
        if credentials != appliedCredentials {
            appliedCredentials = credentials
            tcpCandidates.reset()
            ice.setRemote(credentials)
            for candidate in remoteCandidates.begin(credentials.username) { tryCandidate(candidate) }
        }
        for text in remote.candidates { addRemoteCandidate(text) }
        if remote.hasAllCandidates { endRemoteCandidates() }
        gather()
        startSecurity()
    }

    private func gather() {
        guard gathering == nil else { return }
        guard !iceServers.isEmpty else {
            gathering = Task {}
            ice?.gather(using: [])
            return
        }
        let servers = iceServers
        let resolver = ICEServerResolver(authorities: configuration.certificateAuthorityFile, logger: logger)
        // Ends with the look-up or with `close`.
        gathering = Task(name: "resolve ICE servers") { [weak self] in
            let resolved = await resolver.resolve(servers)
            await self?.gather(using: resolved)
        }
    }

    private func gather(using resolved: ResolvedICEServers) {
        guard !Task.isCancelled else { return }
        tunnels = resolved.tunnels
        ice?.gather(using: resolved.servers)
    }

    // MARK: Datagrams

    /// Takes one datagram from the path.
    fileprivate func receive(_ datagram: consuming PacketBuffer) {
        let now = SystemClock.now
        pathWatch.received(at: now)
        if isPathSilent { checkPath(at: now) }
        let kind = datagram.withBytes { DatagramKind($0) }
        switch kind {
        case .rtp, .rtcp: receiveMedia(datagram, at: now)
        case .dtls: receiveSecurity(datagram, at: now)
        case .stun, .turnChannel, .unknown: break
        }
    }

    /// Does what the deadlines ask for.
    private func advance() {
        let now = SystemClock.now
        dtls?.advance(to: now)
        drainSecurity()
        advanceMedia(to: now)
        checkPath(at: now)
        releaseTCP(at: now)
        arm()
    }

    /// Sets the timer to the next deadline of any part.
    func arm() {
        var next = Deadline.earliest(dtls?.nextDeadline, engine.nextDeadline)
        if isSecure {
            let check = Deadline(SystemClock.now + .seconds(1), .ice)
            next = Deadline.earliest(next, check)
        }
        next = Deadline.earliest(next, tcpCandidates.nextDeadline.map { Deadline($0, .ice) })
        timer?.set(next?.time)
    }

    private func checkPath(at now: MonotonicTime) {
        let isSilent = pathWatch.isSilent(at: now)
        guard isSilent != isPathSilent else { return }
        isPathSilent = isSilent
        updateState()
    }
}

// Callbacks of the ICE transport: they come on the loop's thread.
extension PeerConnection: ICETransportClient {
    package nonisolated func iceReceived(_ datagram: consuming PacketBuffer) {
        PacketEntry.enter(self, datagram)
    }

    package nonisolated func iceChanged(to state: ICEState) {
        assumeIsolated { $0.changeICE(to: state) }
    }

    package nonisolated func iceFound(_ candidate: ICECandidate) {
        assumeIsolated { $0.announce(candidate) }
    }

    package nonisolated func iceGathered() {
        assumeIsolated { $0.emit(.gatheringDone) }
    }

    private func changeICE(to next: ICEState) {
        // libnice goes back to checking while a better pair is tried; the connection in use stays.
        guard next != iceState, !(next == .checking && iceState == .connected) else { return }
        iceState = next
        startSecurity()
        updateState()
    }

    private func announce(_ candidate: ICECandidate) {
        guard let mid = negotiation.sections.first?.mid else { return }
        var candidate = candidate
        candidate.usernameFragment = ice?.credentials.username
        emit(.localCandidate(LocalCandidate(candidate: candidate.string, mid: mid.value, lineIndex: 0)))
    }
}

/// The way of packets into a connection, which allocates nothing; `assumeIsolated` allocates twice per call.
private enum PacketEntry {
    private typealias Isolated = @Sendable (isolated PeerConnection, consuming PacketBuffer) -> Void
    private typealias Plain = @Sendable (PeerConnection, consuming PacketBuffer) -> Void

    // SAFETY: both types have one representation; `enter` checks that the caller runs on the
    // connection's executor.
    private static let receive = unsafeBitCast(
        { (peer: isolated PeerConnection, datagram: consuming PacketBuffer) in peer.receive(datagram) }
            as Isolated,
        to: Plain.self)

    static func enter(_ peer: PeerConnection, _ datagram: consuming PacketBuffer) {
        NetworkLoop.shared.checkIsolated()
        receive(peer, datagram)
    }
}
