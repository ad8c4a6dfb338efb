import Devices
import Foundation
import LiveKitProtocol
import Logging
import MediaCore
import RoomKit
import RoomServer
import Testing

/// An embedded room on a free port of this machine, torn down after the test whatever happens.
struct TestRoom: Sendable {
    let url: String

    static let key = "devkey"
    static let secret = "a secret of the tests, long enough"

    /// Runs `body` in a room of its own.
    static func run(
        _ configuration: RoomServerConfiguration = RoomServerConfiguration(keys: [key: secret]),
        _ body: (TestRoom) async throws -> Void
    ) async throws {
        let server = RoomServer(configuration: configuration, logger: quietLogger)
        let address = try await server.start()
        do {
            try await body(TestRoom(url: address.url))
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// A token for the room.
    func token(_ identity: String, _ change: (inout AccessToken) -> Void = { _ in }) -> String {
        var grants = VideoGrants(room: "test", roomJoin: true)
        grants.canUpdateOwnMetadata = true
        var token = AccessToken(apiKey: Self.key, identity: identity, video: grants)
        change(&token)
        return token.signed(with: Self.secret)
    }

    /// A participant of ours in the room; the events are those from before joining on.
    func join(
        _ identity: String, options: RoomOptions = RoomOptions(),
        connectOptions: ConnectOptions = ConnectOptions(),
        _ body: (Room, EventLog) async throws -> Void
    ) async throws {
        let room = Room(options: options, logger: quietLogger)
        let log = EventLog(room)
        do {
            try await room.connect(url: url, token: token(identity), connectOptions: connectOptions)
            try await body(room, log)
        } catch {
            await room.disconnect()
            throw error
        }
        await room.disconnect()
        log.stop()
    }

    /// A participant of the Python SDK in the room.
    func joinPython(_ identity: String, _ arguments: [String], _ body: (PythonPeer) async throws -> Void)
        async throws
    {
        let peer = try PythonPeer(url: url, token: token(identity), arguments)
        do {
            try await body(peer)
        } catch {
            await peer.stop()
            throw error
        }
        await peer.stop()
    }
}

/// Errors only: a failing test says what it needs itself.
let quietLogger: Logger = {
    var logger = Logger(label: "test")
    let level = ProcessInfo.processInfo.environment["ROOMCLIENT_TEST_LOG"]
    logger.logLevel = level.flatMap(Logger.Level.init(rawValue:)) ?? .error
    return logger
}()

/// The events of a room, kept for tests that wait for one.
final class EventLog: Sendable {
    private let log = LineLog<RoomEvent>()
    private let task: Task<Void, Never>

    init(_ room: Room) {
        let events = room.events
        task = Task { [log] in
            for await event in events { log.append(event) }
        }
    }

    func stop() { task.cancel() }

    var names: [String] { log.all.map(\.name) }

    /// What `select` makes of the first event it wants, also one that came before; fails after `limit`.
    @discardableResult
    func expect<R: Sendable>(
        _ what: String, within limit: Duration = .seconds(20),
        sourceLocation: SourceLocation = #_sourceLocation,
        _ select: @escaping @Sendable (RoomEvent) -> R?
    ) async throws -> R {
        let event = await log.first(within: limit) { select($0) != nil }
        return try #require(
            event.flatMap(select), "\(what) did not come; events: \(names.joined(separator: " "))",
            sourceLocation: sourceLocation)
    }
}
