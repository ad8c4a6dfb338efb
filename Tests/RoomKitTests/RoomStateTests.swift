import LiveKitProtocol
import Testing

@testable import RoomKit

@Suite("The state of a room")
struct RoomStateTests {
    private func participant(
        _ identity: String, sid: String? = nil, version: UInt32 = 1, tracks: [Livekit_TrackInfo] = []
    ) -> Livekit_ParticipantInfo {
        var info = Livekit_ParticipantInfo()
        info.identity = identity
        info.sid = sid ?? "PA_\(identity)"
        info.state = .active
        info.version = version
        info.tracks = tracks
        return info
    }

    private func track(_ sid: String, muted: Bool = false) -> Livekit_TrackInfo {
        var info = Livekit_TrackInfo()
        info.sid = sid
        info.type = .video
        info.source = .camera
        info.muted = muted
        return info
    }

    private func joined(with others: [Livekit_ParticipantInfo] = []) -> (RoomState, [RoomEvent]) {
        var state = RoomState(handle: RoomHandle(nil))
        var join = Livekit_JoinResponse()
        join.participant = participant("me")
        join.otherParticipants = others
        let events = state.join(join)
        return (state, events)
    }

    private func update(_ infos: Livekit_ParticipantInfo...) -> Livekit_SignalResponse.OneOf_Message {
        var update = Livekit_ParticipantUpdate()
        update.participants = infos
        return .update(update)
    }

    @Test("those who are there already are announced with their tracks")
    func joinAnnounces() {
        let (state, events) = joined(with: [participant("ann", tracks: [track("TR_1")])])
        #expect(events.map(\.name) == ["participant_connected", "participant_active", "track_published"])
        #expect(state.remoteParticipants["ann"]?.trackPublications.first?.isDesired == true)
    }

    @Test("a track that is missing from the next record is unpublished")
    func missingTrackIsUnpublished() {
        var (state, _) = joined(with: [participant("ann", tracks: [track("TR_1"), track("TR_2")])])
        let events = state.apply(update(participant("ann", version: 2, tracks: [track("TR_2")])))
        #expect(events.map(\.name) == ["track_unpublished"])
        #expect(state.remoteParticipants["ann"]?.trackPublications.map(\.sid.stringValue) == ["TR_2"])
    }

    @Test("what the program wants of tracks is known apart from what is as it begins")
    func wishes() {
        let tracks = ["TR_1", "TR_2", "TR_3", "TR_4"].map { track($0) }
        var (state, _) = joined(with: [participant("ann", tracks: tracks)])
        #expect(state.wishes.isEmpty && state.trackSettings.isEmpty)
        let isKnown = state.setDesired(false, sid: "TR_1")
        #expect(isKnown)
        #expect(state.changeSettings(of: "TR_2", { $0.isEnabled = false })?.disabled == true)
        #expect(state.setDrawn(.size(Dimensions(width: 32, height: 18)), sid: "TR_3")?.width == 32)
        #expect(state.setDrawn(.hidden, sid: "TR_9") == nil)
        // Sizes are reported anew in a new session, and told again in one that goes on.
        #expect(state.wishes.keys.sorted() == ["TR_1", "TR_2"])
        #expect(state.trackSettings.map(\.trackSids).sorted { $0[0] < $1[0] } == [["TR_2"], ["TR_3"]])
    }

    @Test("an older record changes nothing")
    func olderRecordIsIgnored() {
        var (state, _) = joined(with: [participant("ann", version: 5, tracks: [track("TR_1")])])
        #expect(state.apply(update(participant("ann", version: 4))).isEmpty)
        #expect(state.remoteParticipants["ann"]?.trackPublications.count == 1)
    }

    @Test("a known identity with a new sid has left and come back")
    func newSidMeansRejoined() {
        var (state, _) = joined(with: [participant("ann", version: 9)])
        let events = state.apply(update(participant("ann", sid: "PA_second", version: 1)))
        #expect(
            events.map(\.name) == ["participant_disconnected", "participant_connected", "participant_active"])
        #expect(state.remoteParticipants["ann"]?.sid.stringValue == "PA_second")
    }

    @Test("muting is told once, with the changed publication")
    func mutingIsTold() throws {
        var (state, _) = joined(with: [participant("ann", tracks: [track("TR_1")])])
        let muted = participant("ann", version: 2, tracks: [track("TR_1", muted: true)])
        let events = state.apply(update(muted))
        guard case .trackMuted(let publication, let owner) = try #require(events.first) else {
            Issue.record("expected track_muted, got \(events)")
            return
        }
        #expect(publication.isMuted && owner.identity == "ann")
        #expect(state.apply(update(muted)).isEmpty)
    }

    @Test("media that come before their publication wait for it")
    func mediaBeforePublication() {
        var (state, _) = joined(with: [participant("ann")])
        let track = RemoteTrack.audio(
            RemoteAudioTrack(sid: TrackSid("TR_1"), receiver: AudioReceiver(sync: LipSync())))
        #expect(state.attach(track, sid: "TR_1") == nil)
        _ = state.apply(update(participant("ann", version: 2, tracks: [self.track("TR_1")])))
        #expect(state.attach(track, sid: "TR_1")?.map(\.name) == ["track_subscribed"])
        #expect(state.attach(track, sid: "TR_1")?.isEmpty == true)
        #expect(state.detach(sid: "TR_1").map(\.name) == ["track_unsubscribed"])
    }

    @Test("who leaves takes subscribed tracks along")
    func leavingUnsubscribes() {
        var (state, _) = joined(with: [participant("ann", tracks: [track("TR_1")])])
        let track = RemoteTrack.audio(
            RemoteAudioTrack(sid: TrackSid("TR_1"), receiver: AudioReceiver(sync: LipSync())))
        _ = state.attach(track, sid: "TR_1")
        var gone = participant("ann", version: 2)
        gone.state = .disconnected
        #expect(
            state.apply(update(gone)).map(\.name) == [
                "track_unsubscribed", "track_unpublished", "participant_disconnected",
            ])
        #expect(state.remoteParticipants.isEmpty)
    }

    @Test("speakers are kept loudest first, and silence takes them out")
    func speakersAreSorted() {
        var (state, _) = joined(with: [participant("ann"), participant("bob")])
        func say(_ sid: String, _ level: Float, _ isActive: Bool = true) {
            var speaker = Livekit_SpeakerInfo()
            (speaker.sid, speaker.level, speaker.active) = (sid, level, isActive)
            var change = Livekit_SpeakersChanged()
            change.speakers = [speaker]
            _ = state.apply(.speakersChanged(change))
        }
        say("PA_ann", 0.2)
        say("PA_bob", 0.8)
        #expect(state.activeSpeakers.map(\.identity) == ["bob", "ann"])
        say("PA_bob", 0, false)
        #expect(state.activeSpeakers.map(\.identity) == ["ann"])
    }
}

@Suite("One offer at a time")
struct OfferQueueTests {
    @Test("a wish during an exchange is served by the next offer")
    func wishWaitsForNextOffer() {
        var queue = OfferQueue()
        #expect(queue.begin() == nil)
        let first = queue.want()
        let id = queue.begin()
        #expect(id == 1)
        let second = queue.want()
        #expect(queue.begin() == nil)
        #expect(queue.accepts(id: 1) && queue.accepts(id: 0) && !queue.accepts(id: 7))
        queue.complete()
        #expect(queue.served >= first && queue.served < second)
        #expect(queue.begin() == 2)
        queue.complete()
        #expect(queue.served == second)
        #expect(queue.begin() == nil)
        #expect(!queue.accepts(id: 2))
    }
}
