import Foundation
import LiveKitProtocol
import Logging
import MediaCore
import PeerConnection
import SwiftProtobuf

/// All rooms of a server, by name. It makes a room for its first participant and forgets it after the last.
actor RoomHub {
    /// The network loop runs the rooms, so that packets reach them without a hop.
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        NetworkLoop.shared.asUnownedSerialExecutor()
    }

    private var rooms: [String: ServerRoom] = [:]
    private let settings: RoomSettings
    private let logger: Logger

    /// Makes a hub without rooms.
    init(settings: RoomSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    /// Lets a client into its room; `nil` = it may not stay, and its mailbox says why.
    func enter(_ admission: Admission, mailbox: Mailbox) -> Seat? {
        guard !admission.parameters.isResuming else {
            // Sessions end with their signaling here, so there is nothing to resume: the client joins anew.
            var response = Livekit_SignalResponse()
            response.leave = .make(.stateMismatch, .reconnect)
            if let bytes: [UInt8] = try? response.serializedBytes() { mailbox.post(bytes) }
            mailbox.close()
            return nil
        }
        let room =
            rooms[admission.room] ?? ServerRoom(name: admission.room, settings: settings, logger: logger)
        rooms[admission.room] = room
        return Seat(room: room, sid: room.assumeIsolated { $0.enter(admission, mailbox: mailbox) })
    }

    /// Lets every room do what is due, until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            advance(to: SystemClock.now)
            try? await Task.sleep(for: Self.tick)
        }
    }

    private func advance(to now: MonotonicTime) {
        for (name, room) in rooms {
            room.assumeIsolated { $0.advance(to: now) }
            if room.assumeIsolated({ $0.isEmpty }) { rooms[name] = nil }
        }
    }

    /// Sends everybody away.
    func close() {
        for room in rooms.values { room.assumeIsolated { $0.close() } }
        rooms = [:]
    }

    /// Fine enough for speakers and for repeated requests; what cannot wait does not.
    private static let tick = Duration.milliseconds(50)
}

/// What is the same in all rooms of a server.
struct RoomSettings: Sendable {
    /// What newcomers are told.
    var greeting: ServerRoomState.Greeting
    /// How media connections are set up.
    var peers: PeerConfiguration
    /// API keys and their secrets, to renew tokens.
    var keys: [String: String]
}
