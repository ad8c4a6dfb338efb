package import Logging
import MediaCore
import PeerTransport
import RTP

/// One WebRTC connection: negotiation, ICE, DTLS, data channels and media, on the network loop.
///
/// ## Threads
/// The network loop is the executor of every connection, so libnice's callbacks and timers enter it by
/// plain calls.
/// `send(_:on:audioLevel:)` may be called on any thread.
///
/// ## Life
/// `createOffer` and `acceptAnswer`, or `setRemoteOffer` and `createAnswer`, as often as needed;
/// candidates go both
/// ways by `events` and `addRemoteCandidate`. Gathering begins with the first finished exchange, so
/// that servers may
/// still be named after the first offer was written. `close` ends everything at once and tells the
/// other side.
package actor PeerConnection {
    /// The loop that runs this connection.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        NetworkLoop.shared.asUnownedSerialExecutor()
    }

    /// What happens, for one reader.
    ///
    /// Bounded: a reader that falls 8,192 events behind misses what comes then, which is logged. The
    /// oldest are kept,
    /// because later ones make no sense without them.
    package nonisolated let events: AsyncStream<PeerEvent>
    private nonisolated let eventSink: AsyncStream<PeerEvent>.Continuation

    let logger: Logger
    let configuration: PeerConfiguration
    var iceServers: [ICEServer]
    var negotiation: Negotiation
    /// The certificate of this connection, made when it is first needed.
    private var certificate: Certificate?

    // Transport, made when it is first needed.
    var ice: (any ICETransport)?
    var gathering: Task<Void, Never>?
    /// Ways to TURN servers over TLS, as long as the connection lives.
    var tunnels: [TurnTLSTunnel] = []
    var remoteCandidates = RemoteCandidateQueue()
    var tcpCandidates = TCPCandidateGate()
    /// The remote credentials that ICE works with.
    var appliedCredentials: ICECredentials?
    var iceState = ICEState.new
    var dtls: DTLSSession?
    /// Whether outputs of the DTLS session are being performed further up the stack.
    var isDrainingDTLS = false
    var isSecure = false
    /// Whether the other side turned out not to be the announced one, or the session broke.
    var hasSecurityFailed = false
    var timer: LoopTimer?
    var pathWatch: PathWatch
    /// Whether the path watch found the path broken.
    var isPathSilent = false
    private(set) var state = PeerConnectionState.new

    // Data
    var association: SCTPAssociation?
    var channels = DataChannelTable()

    // Media
    /// Commands of other threads.
    nonisolated let inbox = MediaInbox()
    var engine: PeerEngine
    /// Whether outputs of the engine are being performed further up the stack.
    var isDrainingMedia = false
    /// What the engine sends and receives in each section.
    var appliedSending: [MediaID: SendDescription] = [:]
    var appliedReceiving: [MediaID: ReceiveDescription] = [:]
    var receivers: [MediaID: any MediaReceiver] = [:]
    var packetReceiver: (any PacketReceiver)?
    /// Datagrams that the path did not take.
    var unsentDatagrams = 0

    /// What the other side sent in each section when it was last announced.
    private var announced: [MediaID: RemoteSection] = [:]

    /// Makes a connection that does nothing yet.
    package init(configuration: PeerConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        iceServers = configuration.iceServers
        negotiation = Negotiation(
            mode: configuration.mediaMode, sessionID: .random(in: 1...UInt64(Int64.max)),
            receivedVideo: configuration.receivedVideoCodecs)
        pathWatch = PathWatch(limit: configuration.silenceLimit)
        (events, eventSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(8_192))
        let now = SystemClock.now
        let engineConfiguration = PeerEngineConfiguration(
            unixNanosecondsAtZero: SystemClock.unixNanoseconds &- now.nanoseconds,
            seed: .random(in: 0 ... .max),
            pool: NetworkLoop.shared.packets, feedbackSource: SSRC(.random(in: 1 ... .max)))
        engine = PeerEngine(configuration: engineConfiguration, now: now)
        inbox.attach { [weak self] in self?.assumeIsolated { $0.takeCommands() } }
    }

    isolated deinit {
        tearDown()
    }

    /// Ends the connection and tells the other side; `events` ends. Closing twice is fine.
    package func close() {
        guard state != .closed else { return }
        tearDown()
        set(.closed)
        eventSink.finish()
    }

    /// The state now.
    package var connectionState: PeerConnectionState { state }

    /// Passes an event on.
    func emit(_ event: PeerEvent) {
        guard case .dropped = eventSink.yield(event) else { return }
        logger.warning("event dropped: the reader is too slow")
    }

    /// Works out the state from ICE, DTLS and the path watch, and announces a change.
    func updateState() {
        guard state != .closed else { return }
        let next: PeerConnectionState =
            switch iceState {
            case .new: .new
            case _ where hasSecurityFailed: .failed
            case .failed: .failed
            case .checking: .connecting
            case .connected: isSecure ? (isPathSilent ? .disconnected : .connected) : .connecting
            }
        set(next)
    }

    /// Announces which sections the other side began or ceased to send in.
    func announceTracks() {
        for section in negotiation.sections {
            let remote = section.remote.map { RemoteSection($0, mid: section.mid) }
            let isLive = section.currentDirection.receives && section.kind != .application
            let known = announced[section.mid]
            if isLive, let remote {
                guard known?.stream != remote.stream || known == nil else { continue }
                announced[section.mid] = remote
                emit(.trackStarted(remote))
            } else if known != nil {
                announced[section.mid] = nil
                emit(.trackEnded(section.mid))
            }
        }
    }

    /// The certificate of this connection.
    func ownCertificate() throws(PeerConnectionError) -> Certificate {
        if let certificate { return certificate }
        do throws(DTLSError) {
            let made = try Certificate.make()
            certificate = made
            return made
        } catch {
            throw .noCertificate(error)
        }
    }

    private func set(_ next: PeerConnectionState) {
        guard next != state else { return }
        logger.debug("connection state", metadata: ["from": "\(state)", "to": "\(next)"])
        state = next
        emit(.stateChanged(next))
    }

    /// Lets go of everything, the outermost layer first, so that each can still say goodbye through the next.
    private func tearDown() {
        gathering?.cancel()
        closeData()
        closeSecurity()
        timer?.cancel()
        timer = nil
        ice?.close()
        ice = nil
        tunnels = []
    }
}
