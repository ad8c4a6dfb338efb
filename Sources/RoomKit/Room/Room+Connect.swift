internal import Foundation
internal import LiveKitProtocol
internal import Logging
internal import MediaCore
internal import PeerConnection

/// Opening and closing a session.
extension Room {
    /// Joins: the offer goes out with the join request, the connection comes up with the answer.
    func open(_ request: SessionRequest) async throws(RoomError) {
        let isLocal = Self.isLocal(request.url)
        let publisher = try await makePublisher(request, isLocal: isLocal)
        let session = RoomSession(
            request: request, signal: SignalClient(logger: logger), publisher: publisher, options: options,
            decodeThreadCount: ProcessInfo.processInfo.activeProcessorCount - 1,
            report: { [logger] in logger.warning("\($0)") })
        self.session = session
        let offer = try await makeFirstOffer(session)
        let joined = try await join(session, offer: offer)
        try await begin(session, joined, isLocal: isLocal)
        guard await session.connected.next(within: request.options.timeout) == true else {
            throw session.failure
                ?? RoomError(
                    .timedOut,
                    "The server was reached but no media connection came up; check that UDP or TCP to its media ports is open."
                )
        }
    }

    private func makePublisher(
        _ request: SessionRequest, isLocal: Bool
    ) async throws(RoomError) -> PeerConnection {
        let publisher = makePeer(request, isLocal: isLocal)
        for label in DataChannelLabel.all {
            let isReliable = label == DataChannelLabel.reliable
            await publisher.openDataChannel(
                label, isOrdered: isReliable, maximumRetransmits: isReliable ? nil : 0)
        }
        return publisher
    }

    private func makePeer(_ request: SessionRequest, isLocal: Bool) -> PeerConnection {
        var configuration = PeerConfiguration()
        configuration.transportPolicy = request.options.usesRelayOnly ? .relay : .all
        configuration.includesLoopback = isLocal
        configuration.certificateAuthorityFile = request.options.certificateAuthorityFile
        configuration.receivedVideoCodecs = options.receivedVideoCodecs
        return PeerConnection(configuration: configuration, logger: logger)
    }

    /// Three sections each for sound and pictures, as servers expect of a single connection.
    private func makeFirstOffer(_ session: RoomSession) async throws(RoomError) -> Livekit_SessionDescription
    {
        for _ in 0..<3 { _ = await session.publisher.addTransceiver(.audio, .recvonly) }
        for _ in 0..<3 { _ = await session.publisher.addTransceiver(.video, .recvonly) }
        _ = session.offers.want()
        return try await makeOffer(session)
    }

    private func join(
        _ session: RoomSession, offer: Livekit_SessionDescription
    ) async throws(RoomError) -> SignalJoin {
        let options = session.request.options
        do {
            return try await session.signal.connect(
                SignalOptions(
                    url: session.request.url, token: session.request.token,
                    autoSubscribe: options.autoSubscribe,
                    adaptiveStream: self.options.adaptiveStream, publisherOffer: offer, proxy: options.proxy,
                    certificateAuthorityFile: options.certificateAuthorityFile))
        } catch {
            throw RoomError(error)
        }
    }

    /// Takes over the join response and starts the tasks of the session.
    private func begin(
        _ session: RoomSession, _ joined: SignalJoin, isLocal: Bool
    ) async throws(RoomError) {
        state = RoomState(handle: RoomHandle(self))
        session.publishCodecs = joined.join.enabledPublishCodecs
        state.autoSubscribe = session.request.options.autoSubscribe
        let servers = joined.join.iceServers.map { ICEServer($0) }
        session.isSinglePeerConnection = joined.isSinglePeerConnection
        await session.publisher.update(iceServers: servers)
        if joined.isSinglePeerConnection {
            session.primary = .publisher
        } else {
            let subscriber = makePeer(session.request, isLocal: isLocal)
            await subscriber.update(iceServers: servers)
            session.subscriber = subscriber
            session.primary = joined.join.subscriberPrimary ? .subscriber : .publisher
        }
        emit(state.join(joined.join))
        startTasks(of: session)
        if !joined.isSinglePeerConnection {
            // The server has not seen the offer made for the other path.
            session.offers.abandon()
            await offerIfWanted(session)
        }
    }

    private func startTasks(of session: RoomSession) {
        let player = session.player
        readSignals(of: session)
        let changes = session.rendererChanges
        session.jobs.start("renderers") { [weak self] in
            for await (sid, change) in changes { await self?.follow(change, of: sid) }
        }
        for role in [PeerRole.publisher, .subscriber] {
            guard let peer = session.peer(role) else { continue }
            session.jobs.start("peer") { [weak self] in
                for await event in peer.events { await self?.handle(event, from: role) }
            }
        }
        session.jobs.start("speaker", on: session.speakerThread) { await player.run() }
    }

    /// Handles what the server says until the signaling is lost.
    func readSignals(of session: RoomSession) {
        let signal = session.signal
        session.jobs.start("signal") { [weak self] in
            for await event in signal.events { await self?.handle(event) }
        }
    }

    /// Ends all tasks, closes the connections. The state of the room stays readable.
    func closeSession() async {
        guard let session else { return }
        self.session = nil
        for binding in session.bindings.values { stop(binding, session) }
        for waiter in session.offerWaiters { waiter.done.finish() }
        for waiter in session.channelWaiters { waiter.done.finish() }
        for waiter in session.pendingPublishes.values { waiter.finish() }
        session.connected.finish()
        session.root.cancel()
        await session.publisher.close()
        await session.subscriber?.close()
        await session.signal.close()
        await session.root.value
    }

    /// Whether the server runs on this machine, so that the loopback interface is worth a candidate.
    static func isLocal(_ url: String) -> Bool {
        guard let host = URLComponents(string: url)?.host else { return false }
        return host == "localhost" || host.hasPrefix("127.") || host == "::1" || host == "[::1]"
    }
}

extension ICEServer {
    init(_ server: Livekit_ICEServer) {
        self.init(urls: server.urls, username: server.username, credential: server.credential)
    }
}
