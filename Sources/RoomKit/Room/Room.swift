public import Logging
internal import MediaCore
internal import LiveKitProtocol
internal import PeerConnection

/// A LiveKit room: join it, publish into it, receive from it.
///
/// ```swift
/// let room = Room()
/// try await room.connect(url: "wss://example.livekit.cloud", token: token)
/// try await room.localParticipant.publish(videoTrack: LocalVideoTrack(source: camera))
/// for await event in room.events { ... }
/// ```
///
/// The room is an actor and only routes: `RoomState` knows who is there, `SignalClient` talks to the server, one or two
/// `PeerConnection`s carry media, publishers and receivers run on threads of their own. All tasks of a session are
/// children of one root task, so leaving ends and awaits every one of them. What a program gets from a room (participants,
/// publications) are values that do not change; fresh ones come with every event.
public actor Room {
    /// What the room does with media; changing it takes effect at the next `connect`.
    public var options: RoomOptions
    /// Where the room stands.
    public internal(set) var connectionState = ConnectionState.disconnected

    let logger: Logger
    nonisolated let hub = EventHub()
    var state = RoomState(handle: RoomHandle(nil))
    /// Everything that belongs to the present session; `nil` = not connected.
    var session: RoomSession?
    /// Own tracks by sid; they outlive a session that is lost and regained.
    var localTracks: [String: LocalTrackRecord] = [:]

    /// Makes a room that is not connected.
    public init(options: RoomOptions = RoomOptions(), logger: Logger = Logger(label: "room")) {
        self.options = options
        self.logger = logger
    }

    /// Everything that happens from now on. Every call starts a sequence of its own; each keeps the newest 1,024.
    public nonisolated var events: AsyncStream<RoomEvent> { hub.subscribe() }

    /// Ourselves.
    public var localParticipant: LocalParticipant { state.localParticipant }
    /// Everybody else.
    public var remoteParticipants: [ParticipantIdentity: RemoteParticipant] { state.remoteParticipants }
    /// Who speaks, loudest first.
    public var activeSpeakers: [any Participant] { state.activeSpeakers }
    /// The room's name.
    public var name: String { state.room.name }
    /// The room's id; may come a little after joining.
    public var sid: String { state.room.sid }
    /// The room's metadata.
    public var metadata: String { state.room.metadata }
    /// Own tracks in the room.
    public var localTrackPublications: [LocalTrackPublication] {
        localTracks.values.map { publication(of: $0) }
    }

    /// Plays nothing for everybody, or plays again.
    public func setDeafened(_ isDeafened: Bool) { session?.player.isDeafened.isSet = isDeafened }

    /// Joins a room. Returns when media can flow; throws one sentence when that fails.
    ///
    /// `url`: `ws://`, `wss://`, `http://` or `https://`, with a path prefix if the server has one. `roomOptions` takes
    /// the place of `options` when it is given.
    public func connect(
        url: String, token: String, connectOptions: ConnectOptions = ConnectOptions(),
        roomOptions: RoomOptions? = nil
    ) async throws(RoomError) {
        guard connectionState == .disconnected else {
            throw RoomError(
                .invalidState, "The room is already \(connectionState.rawValue); disconnect first.")
        }
        if let roomOptions { options = roomOptions }
        setState(.connecting)
        do {
            try await open(SessionRequest(url: url, token: token, options: connectOptions))
        } catch {
            await closeSession()
            setState(.disconnected)
            throw error
        }
        setState(.connected)
        emit(.connected)
    }

    /// Leaves: tells the server, ends every task, releases every device. Returns when that is done.
    public func disconnect() async {
        guard connectionState != .disconnected else { return }
        await session?.signal.leave()
        await finish(reason: .clientInitiated)
    }

    /// Ends the session and says why.
    func finish(reason: DisconnectReason) async {
        guard connectionState != .disconnected else { return }
        setState(.disconnected)
        for record in localTracks.values { record.media.stop() }
        localTracks = [:]
        await closeSession()
        emit(.disconnected(reason: reason))
    }

    func setState(_ new: ConnectionState) {
        guard new != connectionState else { return }
        connectionState = new
        emit(.connectionStateChanged(new))
    }

    func emit(_ event: RoomEvent) { hub.publish(event) }

    func emit(_ events: [RoomEvent]) {
        for event in events { hub.publish(event) }
    }

    func publication(of record: LocalTrackRecord) -> LocalTrackPublication {
        LocalTrackPublication(record.info, isMuted: record.media.isMuted.isSet, handle: state.handle)
    }
}
