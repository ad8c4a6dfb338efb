import Foundation
import Logging
import RoomKit
import RoomServer

/// A room server in this process, for this machine only, with a key that nobody else has.
struct EmbeddedRoom: Sendable {
    /// What clients connect to.
    let url: String
    /// What makes tokens for it.
    let credentials: Credentials
    private let server: RoomServer

    /// Starts it on any free port of the loopback interface.
    static func start() async throws(ProgramError) -> EmbeddedRoom {
        let (key, secret) = ("embedded", UUID().uuidString)
        let server = RoomServer(configuration: RoomServerConfiguration(keys: [key: secret]), logger: logger())
        let address = try await start(server)
        return EmbeddedRoom(
            url: address.url, credentials: .keyPair(key: key, secret: Redacted(secret)), server: server)
    }

    /// Ends it.
    func stop() async { await server.stop() }

    /// Starts a server; throws one sentence when that fails.
    static func start(_ server: RoomServer) async throws(ProgramError) -> RoomServerAddress {
        do {
            return try await server.start()
        } catch RoomServer.StartError.cannotListen(let reason) {
            throw .usage("The room server cannot listen: \(reason). Choose another --port or --bind.")
        } catch {
            throw ProgramError(.internalError, "The room server cannot start: \(error).")
        }
    }

    /// The server's own remarks are of interest when something is being looked for.
    static func logger() -> Logger {
        var logger = Logger(label: "room server")
        if logger.logLevel >= .info { logger.logLevel = .critical }
        return logger
    }
}
