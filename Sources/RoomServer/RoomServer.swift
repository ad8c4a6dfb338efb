import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import LiveKitProtocol
package import Logging
import NIOCore
import NIOSSL
import PeerConnection

/// A room server that any LiveKit client can join: HTTP, signaling and packet forwarding in one process.
///
/// Rooms are made by the first participant who joins and end with the last. Media goes through the server unchanged:
/// it never decodes anything.
package actor RoomServer {
    /// Why a server cannot start.
    package enum StartError: Error, Sendable {
        /// It was started before.
        case alreadyStarted
        /// Listening failed, with the reason.
        case cannotListen(String)
        /// The certificate or its key cannot be used, with the reason.
        case unusableCertificate(String)
    }

    private let configuration: RoomServerConfiguration
    private let logger: Logger
    private let hub: RoomHub
    /// The running server; `nil` before `start` and after `stop`.
    private var server: Task<Void, any Error>?

    /// Makes a server that does not listen yet.
    package init(configuration: RoomServerConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        hub = RoomHub(settings: RoomSettings(configuration), logger: logger)
    }

    /// Begins to listen and answers where.
    package func start() async throws -> RoomServerAddress {
        guard server == nil else { throw StartError.alreadyStarted }
        let (ports, found) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let application = try application { channel in
            found.yield(channel.localAddress?.port ?? 0)
        }
        let hub = hub
        // The root of everything the server does; `stop` cancels it.
        let task = Task(name: "room server") {
            defer { found.finish() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask(name: "http") { try await application.run() }
                group.addTask(name: "rooms") { await hub.run() }
                try await group.next()
                group.cancelAll()
            }
        }
        server = task
        for await port in ports {
            return RoomServerAddress(
                host: configuration.bindAddress, port: port, isSecure: configuration.certificate != nil)
        }
        server = nil
        throw StartError.cannotListen(await reason(of: task))
    }

    /// Sends everybody away and stops listening.
    package func stop() async {
        guard let server else { return }
        self.server = nil
        await hub.close()
        // The goodbyes are on their way when the connections have had a moment to write them.
        try? await Task.sleep(for: .milliseconds(100))
        server.cancel()
        _ = await server.result
    }

    private func reason(of task: Task<Void, any Error>) async -> String {
        do {
            try await task.value
            return "the server ended"
        } catch {
            return "\(error)"
        }
    }

    private func application(
        onServerRunning: @escaping @Sendable (any Channel) async -> Void
    ) throws -> some ApplicationProtocol {
        let doorKeeper = DoorKeeper(
            keys: configuration.keys, offersSinglePeerConnection: configuration.offersSinglePeerConnection)
        let (hub, logger) = (hub, logger)
        let security = try security()
        let server = HTTPServerBuilder { responder in
            let channel = SignalChannel(
                responder: responder, doorKeeper: doorKeeper, hub: hub, logger: logger)
            return try security.map { try TLSChannel(channel, tlsConfiguration: $0) } ?? channel
        }
        // What concerns the server is thrown or logged here; the framework would report each cancelled connection.
        var quiet = logger
        quiet.logLevel = .critical
        return Application(
            router: Routes(doorKeeper: doorKeeper).router(), server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.bindAddress, port: configuration.port)),
            onServerRunning: onServerRunning, logger: quiet)
    }

    private func security() throws -> TLSConfiguration? {
        guard let files = configuration.certificate else { return nil }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.chain).map {
                NIOSSLCertificateSource.certificate($0)
            }
            let key = try NIOSSLPrivateKey(file: files.key, format: .pem)
            return TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(key))
        } catch {
            throw StartError.unusableCertificate("\(error)")
        }
    }
}

extension RoomSettings {
    /// What the configuration means for rooms.
    fileprivate init(_ configuration: RoomServerConfiguration) {
        var info = Livekit_ServerInfo()
        info.edition = .standard
        // Clients tell by the version which features they may use: 1.9.2 was the first with one peer connection.
        info.version = "1.9.2"
        info.protocol = 16
        info.nodeID = "ND_roomclient"
        let codecs = ["video/VP8", "video/H264", "video/VP9", "video/AV1", "audio/opus", "audio/red"].map {
            name in
            var codec = Livekit_Codec()
            codec.mime = name
            return codec
        }
        let servers = configuration.iceServers.map { server in
            var entry = Livekit_ICEServer()
            entry.urls = server.urls
            entry.username = server.username
            entry.credential = server.credential
            return entry
        }
        var peers = PeerConfiguration()
        peers.mediaMode = .packets
        peers.includesLoopback = true
        let isEverywhere = configuration.bindAddress == "0.0.0.0" || configuration.bindAddress == "::"
        peers.bindAddresses = isEverywhere ? [] : [configuration.bindAddress]
        peers.portRange = configuration.mediaPorts
        greeting = ServerRoomState.Greeting(serverInfo: info, iceServers: servers, codecs: codecs)
        keys = configuration.keys
        self.peers = peers
    }
}
