import LiveKitProtocol
import MediaCore
import Testing

@testable import RoomServer

/// A room in virtual time, with the messages it sends sorted by receiver.
struct RoomUnderTest {
    var state = ServerRoomState(
        name: "room", greeting: ServerRoomState.Greeting(serverInfo: Livekit_ServerInfo()),
        identifiers: IdentifierSource(random: SeededGenerator(seed: 1)), unixMilliseconds: 1_000_000,
        at: .zero)
    /// The time now.
    var now = MonotonicTime.zero
    /// What was not a message.
    var actions: [RoomOutput] = []
    private var inboxes: [ParticipantSID: [Livekit_SignalResponse.OneOf_Message]] = [:]

    /// Lets somebody in.
    mutating func join(
        _ identity: String, isAutoSubscribing: Bool = true, isAdaptiveStreaming: Bool = false,
        _ change: (inout Livekit_ParticipantPermission) -> Void = { _ in }
    ) -> ParticipantSID {
        var permission = Livekit_ParticipantPermission()
        permission.canPublish = true
        permission.canSubscribe = true
        permission.canPublishData = true
        permission.canUpdateMetadata = true
        change(&permission)
        let entry = RoomEntry(
            identity: identity, permission: permission, isAutoSubscribing: isAutoSubscribing,
            isAdaptiveStreaming: isAdaptiveStreaming)
        let sid = state.join(entry, at: now)
        settle()
        return sid
    }

    /// Announces and negotiates a track, which must succeed.
    mutating func publish(
        _ cid: String, _ type: Livekit_TrackType = .video, from sid: ParticipantSID
    ) throws -> TrackSID {
        let track = tryPublishing(cid, type, from: sid)
        return try #require(track)
    }

    /// Announces and negotiates a track; `nil` = the room refused it.
    mutating func tryPublishing(
        _ cid: String, _ type: Livekit_TrackType = .video, from sid: ParticipantSID
    ) -> TrackSID? {
        var request = Livekit_AddTrackRequest()
        request.cid = cid
        request.type = type
        request.source = type == .audio ? .microphone : .camera
        receive(.addTrack(request), from: sid)
        let section = PublishedSection(
            mid: cid, cid: cid, type: type, mimeType: type == .audio ? "audio/opus" : "video/VP8")
        let track = state.negotiated(section, by: sid)?.track
        settle()
        return track
    }

    /// A message of a participant.
    mutating func receive(_ message: Livekit_SignalRequest.OneOf_Message, from sid: ParticipantSID) {
        state.receive(message, from: sid, at: now)
        settle()
    }

    /// Lets time pass, deadline by deadline.
    mutating func run(for span: Duration) {
        let end = now + span
        while let deadline = state.nextDeadline, deadline.time <= end {
            now = max(now, deadline.time)
            state.advance(to: now)
            settle()
        }
        now = end
    }

    /// Drains the outputs.
    mutating func settle() {
        while let output = state.nextOutput() {
            if case .send(let message, let sid) = output {
                inboxes[sid, default: []].append(message)
            } else {
                actions.append(output)
            }
        }
    }

    /// What a participant was sent since it was last asked.
    mutating func inbox(of sid: ParticipantSID) -> [Livekit_SignalResponse.OneOf_Message] {
        defer { inboxes[sid] = nil }
        return inboxes[sid] ?? []
    }

    /// The records of others a participant was sent since it was last asked, newest last.
    mutating func updates(to sid: ParticipantSID) -> [Livekit_ParticipantInfo] {
        inbox(of: sid).flatMap { message -> [Livekit_ParticipantInfo] in
            if case .update(let update) = message { update.participants } else { [] }
        }
    }

    /// Who was subscribed to what since it was last asked.
    mutating func subscriptions() -> [(TrackSID, ParticipantSID)] {
        defer { actions = [] }
        return actions.compactMap {
            if case .subscribe(let track, let sid) = $0 { (track, sid) } else { nil }
        }
    }

    /// Whose subscription to what ended since it was last asked.
    mutating func endedSubscriptions() -> [(TrackSID, ParticipantSID)] {
        defer { actions = [] }
        return actions.compactMap {
            if case .unsubscribe(let track, let sid) = $0 { (track, sid) } else { nil }
        }
    }
}
