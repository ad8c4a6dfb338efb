import CNice
import Logging
import MediaCore

/// ICE by libnice: one agent with one stream and one component.
///
/// ## Teardown
/// libnice calls back with an unretained pointer to this object, always on the loop's thread. `close`,
/// on the same
/// thread, disconnects the signals and detaches the receiver, so no callback can be running or follow;
/// only then the
/// agent is given back.
final class NiceTransport: ICETransport {
    /// How the agent is set up.
    struct Settings: Sendable {
        var policy = ICETransportPolicy.all
        var addresses: [String] = []
        var portRange: ClosedRange<UInt16>?
        var allowsTCP = true
    }

    private(set) var localCandidates: [ICECandidate] = []
    private(set) var hasGathered = false

    /// The agent; `nil` after `close`.
    private var agent: NiceAgentHandle?
    private let stream: UInt32
    private let loop: NetworkLoop
    private let logger: Logger
    private weak var client: (any ICETransportClient)?
    private var hasStarted = false
    /// Set once: libnice itself changes sides when both claim the same (RFC 8445 §7.2.5.1).
    private var hasRole = false

    /// Makes an agent that has credentials but does not gather yet.
    init(_ settings: Settings, loop: NetworkLoop, client: any ICETransportClient, logger: Logger) {
        self.loop = loop
        self.client = client
        self.logger = logger
        let agent = NiceAgentHandle(loop: loop, settings: settings)
        self.agent = agent
        stream = agent.stream
        agent.connect(to: self)
    }

    var credentials: ICECredentials {
        agent?.localCredentials ?? ICECredentials(username: "", password: "")
    }

    var selectedPath: ICEPath? { agent?.selectedPath }

    func gather(using servers: [ResolvedICEServer]) {
        guard !hasStarted, let agent else { return }
        hasStarted = true
        for server in servers { agent.add(server) }
        if !agent.gather() { logger.warning("cannot gather candidates") }
    }

    func setControlling(_ isControlling: Bool) {
        guard !hasRole else { return }
        hasRole = true
        agent?.setControlling(isControlling)
    }

    func setRemote(_ credentials: ICECredentials) {
        guard let agent, !agent.setRemote(credentials) else { return }
        logger.warning("remote ICE credentials refused")
    }

    func add(_ candidate: ICECandidate) {
        guard let agent, !agent.add(candidate) else { return }
        logger.debug("remote candidate refused", metadata: ["candidate": "\(candidate.string)"])
    }

    func endRemoteCandidates() {
        agent?.endRemoteCandidates()
    }

    func restart() {
        guard let agent else { return }
        agent.restart()
        localCandidates = agent.localCandidates
        for candidate in localCandidates { client?.iceFound(candidate) }
    }

    func send(_ datagram: UnsafeRawBufferPointer) -> Bool {
        agent?.send(datagram) ?? false
    }

    func close() {
        agent?.close(self)
        agent = nil
    }

    // MARK: Callbacks

    func received(_ bytes: UnsafeRawBufferPointer) {
        guard let packet = loop.packets.take(copying: bytes) else { return }
        client?.iceReceived(packet)
    }

    func changed(to state: ICEState) {
        client?.iceChanged(to: state)
    }

    func found(_ candidate: ICECandidate) {
        localCandidates.append(candidate)
        client?.iceFound(candidate)
    }

    func gathered() {
        hasGathered = true
        client?.iceGathered()
    }
}
