import ArgumentParser
import Logging
import MediaCore
import RoomServer

/// `roomclient serve`: the embedded room by itself.
struct ServeCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Runs a small room server on this machine.",
        discussion: "It is made for trying out and for tests; for many people run livekit-server.")

    @Option(help: "Address for signaling and media; 0.0.0.0 = every interface.")
    var bind = "127.0.0.1"
    @Option(help: "TCP port for signaling; 0 = any free one.")
    var port = 7_880
    @Option(help: ArgumentHelp("UDP ports for media (default: any).", valueName: "first-last"))
    var rtcPorts: PortRange?
    @Option(
        help: ArgumentHelp(
            "API key and secret; may be repeated (default on loopback: devkey:secret).",
            valueName: "key:secret"))
    var keys: [KeyPair] = []
    @Option(help: "error, warning, info, debug or trace (LIVEKIT_LOG_LEVEL; default: info).")
    var logLevel: LogLevel?

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port \(port): it may be 0 to 65535.")
        }
    }

    func perform(_ signals: SignalWatch) async throws -> ExitStatus {
        StandardErrorLog.install(level: try LogLevel.choose(flag: logLevel, sources: .current()).level)
        let isLoopback = bind == "localhost" || bind == "::1" || bind.hasPrefix("127.")
        guard isLoopback || !keys.isEmpty else {
            throw ProgramError.usage(
                "--bind \(bind) lets others in: choose a key and a secret with --keys KEY:SECRET.")
        }
        let pairs = keys.isEmpty ? [KeyPair.development] : keys
        let configuration = RoomServerConfiguration(
            bindAddress: bind, port: port, mediaPorts: rtcPorts?.ports,
            keys: Dictionary(pairs.map { ($0.key, $0.secret.exposed) }) { $1 })
        let server = RoomServer(configuration: configuration, logger: EmbeddedRoom.logger())
        let address = try await EmbeddedRoom.start(server)
        signals.enterCall()
        StandardStream.output.write(instructions(address, pairs[0]))
        await signals.stop.wait()
        await server.stop()
        return .success
    }

    private func instructions(_ address: RoomServerAddress, _ pair: KeyPair) -> String {
        let secret = pair == .development ? pair.secret.exposed : "<secret of \(pair.key)>"
        let media = rtcPorts.map { "UDP \($0)" } ?? "any free UDP port"
        let place = bind == "0.0.0.0" ? " (from other machines: the address of this one)" : ""
        return """
            Room server at \(address.url)\(place): signaling on TCP \(address.port), media on \(media).
            Join it: roomclient --url \(address.url) --api-key \(pair.key) --api-secret \(secret)

            """
    }
}

/// An API key and its secret on the command line, `KEY:SECRET`.
struct KeyPair: Hashable, Sendable, ExpressibleByArgument {
    /// The pair every LiveKit tool knows; for loopback only.
    static let development = KeyPair(key: "devkey", secret: "secret")

    let key: String
    let secret: Redacted<String>

    private init(key: String, secret: String) {
        self.key = key
        self.secret = Redacted(secret)
    }

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(key: String(parts[0]), secret: String(parts[1]))
    }
}

/// Ports on the command line, `FIRST-LAST`.
struct PortRange: Hashable, Sendable, ExpressibleByArgument, CustomStringConvertible {
    let ports: ClosedRange<UInt16>

    init?(argument: String) {
        let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first > 0, first <= last else {
            return nil
        }
        ports = first...last
    }

    var description: String { "\(ports.lowerBound)-\(ports.upperBound)" }
}
