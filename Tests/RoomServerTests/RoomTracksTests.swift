import LiveKitProtocol
import MediaCore
import Testing

@testable import RoomServer

@Suite("Publishing and subscribing")
struct RoomTracksTests {
    @Test("an announced track gets a name and is visible once it is negotiated")
    func publishes() throws {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let bert = room.join("bert")
        _ = room.inbox(of: bert)
        let track = try room.publish("c1", .audio, from: anna)
        #expect(track.text.hasPrefix("TR_AM"))
        let toAnna = room.inbox(of: anna)
        #expect(
            toAnna.contains { message in
                if case .trackPublished(let response) = message { response.cid == "c1" } else { false }
            })
        let toBert = room.updates(to: bert)
        let seen = try #require(toBert.last)
        #expect(seen.tracks.map(\.sid) == [track.text])
        #expect(seen.isPublisher)
        #expect(seen.tracks.first?.mimeType == "audio/opus")
    }

    @Test("others are subscribed to what is published, and to what was published before they came")
    func subscribesAutomatically() throws {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let bert = room.join("bert")
        let track = try room.publish("c1", from: anna)
        #expect(room.subscriptions().map(\.1) == [bert])
        let carl = room.join("carl")
        let later = room.subscriptions()
        #expect(later.map(\.0) == [track])
        #expect(later.map(\.1) == [carl])
    }

    @Test("the publisher learns of its first subscriber only")
    func tellsPublisherOnce() throws {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        _ = room.join("bert")
        _ = try room.publish("c1", from: anna)
        _ = room.join("carl")
        let told = room.inbox(of: anna).count { if case .trackSubscribed = $0 { true } else { false } }
        #expect(told == 1)
    }

    @Test("who does not subscribe automatically gets what it asks for, until it asks for the end")
    func subscribesByHand() throws {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let bert = room.join("bert", isAutoSubscribing: false)
        let track = try room.publish("c1", from: anna)
        let begun = room.subscriptions()
        #expect(begun.isEmpty)
        var request = Livekit_UpdateSubscription()
        request.trackSids = [track.text]
        request.subscribe = true
        room.receive(.subscription(request), from: bert)
        #expect(room.subscriptions().map(\.1) == [bert])
        request.subscribe = false
        room.receive(.subscription(request), from: bert)
        #expect(room.endedSubscriptions().map(\.1) == [bert])
    }

    @Test("an unknown track cannot be subscribed to")
    func refusesUnknownTrack() {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        var request = Livekit_UpdateSubscription()
        request.trackSids = ["TR_nothing"]
        request.subscribe = true
        room.receive(.subscription(request), from: anna)
        let toAnna = room.inbox(of: anna)
        #expect(
            toAnna.contains { message in
                if case .subscriptionResponse(let response) = message {
                    response.err == .seTrackNotfound
                } else {
                    false
                }
            })
    }

    @Test("who may not subscribe gets nothing, who may not publish is refused")
    func respectsPermissions() throws {
        var room = RoomUnderTest()
        let anna = room.join("anna") { $0.canPublishSources = [.microphone] }
        _ = room.join("bert") { $0.canSubscribe = false }
        let video = room.tryPublishing("c1", .video, from: anna)
        #expect(video == nil)
        let toAnna = room.inbox(of: anna)
        #expect(
            toAnna.contains { message in
                if case .requestResponse(let response) = message {
                    response.reason == .notAllowed
                } else {
                    false
                }
            })
        _ = try room.publish("c2", .audio, from: anna)
        let begun = room.subscriptions()
        #expect(begun.isEmpty)
    }

    @Test("a publisher can choose its audience, and change it")
    func restrictsAudience() throws {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let bert = room.join("bert")
        let carl = room.join("carl")
        let track = try room.publish("c1", from: anna)
        _ = room.subscriptions()
        var audience = Livekit_SubscriptionPermission()
        var permission = Livekit_TrackPermission()
        permission.participantIdentity = "carl"
        permission.allTracks = true
        audience.trackPermissions = [permission]
        room.receive(.subscriptionPermission(audience), from: anna)
        let ended = room.endedSubscriptions()
        #expect(ended.map(\.0) == [track])
        #expect(ended.map(\.1) == [bert])
        let toBert = room.inbox(of: bert)
        #expect(
            toBert.contains { message in
                if case .subscriptionPermissionUpdate(let update) = message { !update.allowed } else { false }
            })
        let toCarl = room.inbox(of: carl)
        #expect(!toCarl.contains { if case .subscriptionPermissionUpdate = $0 { true } else { false } })
        audience.allParticipants = true
        room.receive(.subscriptionPermission(audience), from: anna)
        #expect(room.subscriptions().map(\.1) == [bert])
    }

    @Test("muting is told to everybody and to the media")
    func mutes() throws {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let bert = room.join("bert")
        let track = try room.publish("c1", .audio, from: anna)
        _ = room.inbox(of: bert)
        room.actions = []
        var request = Livekit_MuteTrackRequest()
        request.sid = track.text
        request.muted = true
        room.receive(.mute(request), from: anna)
        #expect(room.updates(to: bert).last?.tracks.first?.muted == true)
        #expect(room.actions.contains { if case .mute(track, isMuted: true) = $0 { true } else { false } })
    }

    @Test("a track that ends leaves the record and its subscribers")
    func unpublishes() throws {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let bert = room.join("bert")
        let track = try room.publish("c1", from: anna)
        _ = room.inbox(of: bert)
        room.actions = []
        room.state.ended(track, by: anna)
        room.settle()
        #expect(room.updates(to: bert).last?.tracks.isEmpty == true)
        #expect(room.endedSubscriptions().map(\.1) == [bert])
    }

    @Test("a section nobody announced waits, one of the right kind is taken for the oldest request")
    func matchesSections() {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let stranger = PublishedSection(mid: "5", cid: "other", type: .video, mimeType: "video/VP8")
        #expect(room.state.negotiated(stranger, by: anna) == nil)
        var request = Livekit_AddTrackRequest()
        request.cid = "c1"
        request.type = .video
        room.receive(.addTrack(request), from: anna)
        #expect(room.state.negotiated(stranger, by: anna) != nil)
        #expect(room.state.members.first?.tracks.first?.info.codecs.first?.sdpCid == "other")
    }

    @Test("a section can go from one track to the next in one offer")
    func replacesTrack() throws {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let first = try room.publish("c1", from: anna)
        let same = PublishedSection(mid: "c1", cid: "c1", type: .video, mimeType: "video/VP8")
        #expect(!room.state.isReplaced(first, by: same, of: anna))
        let next = PublishedSection(mid: "c1", cid: "c2", type: .video, mimeType: "video/VP8")
        #expect(!room.state.isReplaced(first, by: next, of: anna))
        var request = Livekit_AddTrackRequest()
        request.cid = "c2"
        request.type = .video
        room.receive(.addTrack(request), from: anna)
        #expect(room.state.isReplaced(first, by: next, of: anna))
    }

    @Test("the codec of the first packet is the one that is told")
    func tellsCodec() throws {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let bert = room.join("bert")
        let track = try room.publish("c1", from: anna)
        _ = room.inbox(of: bert)
        room.state.identifiedCodec("video/vp8", of: track)
        room.settle()
        let unchanged = room.updates(to: bert)
        #expect(unchanged.isEmpty)
        room.state.identifiedCodec("video/H264", of: track)
        room.settle()
        #expect(room.updates(to: bert).last?.tracks.first?.mimeType == "video/H264")
    }

    @Test("at most twenty tracks may wait for negotiation, and none twice")
    func limitsRequests() {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        var request = Livekit_AddTrackRequest()
        for number in [0, 0] + Array(1...20) {
            request.cid = "c\(number)"
            room.receive(.addTrack(request), from: anna)
        }
        let reasons = room.inbox(of: anna).compactMap { message in
            if case .requestResponse(let response) = message { response.reason } else { nil }
        }
        #expect(reasons == [.queued, .limitExceeded])
    }

    @Test(
        "simulcast layers are named from the lowest up, whatever their order",
        arguments: [
            (["f", "h", "q"], ["q", "h", "f"]), (["q", "h"], ["q", "h"]),
            (["0", "1", "2"], ["2", "1", "0"]),
            (["~h", "q"], ["q", "h"]), ([], []), (["b", "a"], ["b", "a"]),
        ])
    func namesLayers(offered: [String], expected: [String]) {
        #expect(TrackBlueprint.ascendingRIDs(offered) == expected)
    }
}
