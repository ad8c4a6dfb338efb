import Foundation
import LiveKitProtocol
import Logging
import MediaCore
import PeerConnection
import RTP
import SwiftProtobuf

/// One room at work: feeds `ServerRoomState`, performs what it wants, and passes media and data on.
///
/// ## Threads
/// It runs on the network loop, like the connections of its participants, so it enters them by plain calls and a packet
/// goes from one connection to the others without a hop. Nothing in it waits.
///
/// ## Files
/// `+Negotiation` exchanges descriptions, `+Publishing` begins and ends tracks, `+Subscriptions` makes and ends
/// downlinks, `+Codecs` puts them on the codec that the subscriber decodes, `+Packets` forwards media,
/// `+Allocation` shares the ways down, `+Data` passes messages on, `+Events` listens to the connections, `+Quality`
/// measures them.
actor ServerRoom {
    /// The network loop.
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        NetworkLoop.shared.asUnownedSerialExecutor()
    }

    let settings: RoomSettings
    let logger: Logger
    var state: ServerRoomState
    var relay = DataRelay()
    var clients: [ParticipantSID: ServerClient] = [:]
    /// Every published track, in every codec in which it is sent.
    var tracks: [TrackStream: PublishedTrack] = [:]
    /// Rewrites packets before they go on.
    var rewriter = PayloadRewriter()
    /// Whether outputs of the state are being performed further up the stack.
    private var isPerforming = false

    /// Makes an empty room.
    init(name: String, settings: RoomSettings, logger: Logger) {
        self.settings = settings
        var logger = logger
        logger[metadataKey: "room"] = "\(name)"
        self.logger = logger
        state = ServerRoomState(
            name: name, greeting: settings.greeting,
            identifiers: IdentifierSource(random: SystemRandomNumberGenerator()),
            unixMilliseconds: SystemClock.unixNanoseconds / 1_000_000, at: SystemClock.now)
    }

    /// Whether nobody is left.
    var isEmpty: Bool { state.isEmpty }

    /// Lets a client in.
    func enter(_ admission: Admission, mailbox: Mailbox) -> ParticipantSID {
        let sid = state.join(admission.entry, at: SystemClock.now)
        let client = makeClient(sid, admission, mailbox)
        clients[sid] = client
        performAll()
        begin(client)
        logger.info("participant joined", metadata: ["participant": "\(admission.entry.identity)"])
        return sid
    }

    private func makeClient(_ sid: ParticipantSID, _ admission: Admission, _ mailbox: Mailbox) -> ServerClient
    {
        var logger = logger
        logger[metadataKey: "participant"] = "\(admission.entry.identity)"
        // The first number is random, so that an answer to an offer of an earlier session is not taken for one of this.
        let client = ServerClient(
            sid: sid, admission: admission, mailbox: mailbox, configuration: settings.peers,
            offerNumber: state.identifiers.number() % 256, logger: logger)
        let inlet = PacketInlet(room: self, sid: sid)
        client.publisher.assumeIsolated { $0.setPacketReceiver(inlet) }
        client.subscriber?.assumeIsolated { $0.setPacketReceiver(inlet) }
        openData(to: client)
        return client
    }

    /// A message of a client; one that cannot be read is ignored.
    func receive(_ bytes: [UInt8], from sid: ParticipantSID) {
        guard let client = clients[sid], let request = try? Livekit_SignalRequest(serializedBytes: bytes),
            let message = request.message
        else { return }
        switch message {
        case .offer(let offer): answer(offer, of: client)
        case .answer(let answer): accept(answer, of: client)
        case .trickle(let trickle): add(trickle, of: client)
        case .addTrack:
            state.receive(message, from: sid, at: SystemClock.now)
            performAll()
            publishParked(client)
        default:
            state.receive(message, from: sid, at: SystemClock.now)
        }
        performAll()
    }

    /// A client's WebSocket is gone; there is no resuming, so the session is over.
    func signalClosed(_ sid: ParticipantSID) {
        state.remove(sid, reason: .signalClose)
        performAll()
    }

    /// Does what is due.
    func advance(to now: MonotonicTime) {
        measureIfDue(at: now)
        if let deadline = state.nextDeadline, deadline.time <= now { state.advance(to: now) }
        performAll()
        allocateIfDue(at: now)
        for track in tracks.values { refresh(track, at: now) }
    }

    /// Sends everybody away.
    func close() {
        for member in state.members { state.dismiss(member.sid, reason: .serverShutdown) }
        performAll()
    }

    /// Performs what the state wants; safe to call while that is going on.
    func performAll() {
        guard !isPerforming else { return }
        isPerforming = true
        while let output = state.nextOutput() { perform(output) }
        isPerforming = false
        for client in clients.values { exchangeIfNeeded(client) }
    }

    private func perform(_ output: RoomOutput) {
        switch output {
        case .send(let message, let sid): clients[sid]?.send(message)
        case .refreshToken(let sid): renewToken(of: sid)
        case .subscribe(let track, let sid): subscribe(sid, to: track)
        case .unsubscribe(let track, let sid): unsubscribe(sid, from: track)
        case .prefer(let preference, let track, let sid): prefer(preference, of: track, for: sid)
        case .mute(let track, let isMuted): mute(track, isMuted)
        case .unpublish(let track, let sid): unpublish(track, of: sid)
        case .close(let sid): end(sid)
        }
    }

    private func renewToken(of sid: ParticipantSID) {
        guard let client = clients[sid], let member = state.member(sid) else { return }
        let now = Date()
        var token = client.admission.token
        guard let secret = settings.keys[token.apiKey] else { return }
        token.name = member.info.name
        token.metadata = member.info.metadata
        token.attributes = member.info.attributes
        token.notBefore = now
        token.expires = max(token.expires ?? now, now.addingTimeInterval(600))
        client.send(.refreshToken(token.signed(with: secret)))
    }

    private func end(_ sid: ParticipantSID) {
        guard let client = clients.removeValue(forKey: sid) else { return }
        relay.remove(sid)
        client.mailbox.close()
        for peer in [client.publisher, client.subscriber].compactMap(\.self) {
            peer.assumeIsolated { $0.close() }
        }
        logger.info("participant left", metadata: ["participant": "\(client.admission.entry.identity)"])
    }
}
