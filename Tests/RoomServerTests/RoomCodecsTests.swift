import LiveKitProtocol
import MediaCore
import Testing

@testable import RoomServer

@Suite("Tracks in two codecs")
struct RoomCodecsTests {
    /// A camera in VP9 with VP8 behind it, and two subscribers, of whom one decodes VP8 only.
    private struct Stage {
        var room = RoomUnderTest()
        let publisher: ParticipantSID
        let subscriber: ParticipantSID
        let poor: ParticipantSID
        let track: TrackSID

        init(_ codec: String = "vp9", sizes: Int = 3) throws {
            publisher = room.join("publisher")
            subscriber = room.join("subscriber")
            poor = room.join("poor")
            var request = Livekit_AddTrackRequest()
            request.cid = "first"
            request.type = .video
            request.source = .camera
            (request.width, request.height) = (1_280, 720)
            request.layers = Self.layers(sizes)
            request.simulcastCodecs = [
                Self.codec(codec, cid: "first", sizes: sizes), Self.codec("vp8", cid: "", sizes: 3),
            ]
            room.receive(.addTrack(request), from: publisher)
            let section = PublishedSection(
                mid: "1", cid: "first", type: .video, mimeType: "video/\(codec.uppercased())")
            let stream = room.state.negotiated(section, by: publisher)
            track = try #require(stream).track
            room.settle()
        }

        private static func codec(_ name: String, cid: String, sizes: Int) -> Livekit_SimulcastCodec {
            var codec = Livekit_SimulcastCodec()
            (codec.codec, codec.cid, codec.layers) = (name, cid, layers(sizes))
            return codec
        }

        private static func layers(_ count: Int) -> [Livekit_VideoLayer] {
            let all: [(Livekit_VideoQuality, UInt32, UInt32)] = [
                (.low, 320, 180), (.medium, 640, 360), (.high, 1_280, 720),
            ]
            return all.suffix(count).map { quality, width, height in
                var layer = Livekit_VideoLayer()
                (layer.quality, layer.width, layer.height) = (quality, width, height)
                return layer
            }
        }

        /// Both subscribers have said what they decode.
        mutating func negotiate() -> [Int?] {
            defer { room.settle() }
            return [
                room.state.chooseCodec(of: track, decoding: [.vp8, .vp9, .av1], for: subscriber),
                room.state.chooseCodec(of: track, decoding: [.vp8], for: poor),
            ]
        }

        /// What the publisher was told since it was last asked: how many qualities of which codec are enabled.
        mutating func told(after span: Duration) -> [[String: Int]] {
            room.run(for: span)
            return room.inbox(of: publisher).compactMap { message in
                guard case .subscribedQualityUpdate(let update) = message else { return nil }
                return Dictionary(
                    update.subscribedCodecs.map { ($0.codec, $0.qualities.count(where: \.enabled)) }
                ) { first, _ in first }
            }
        }

        /// The publisher begins to send the second codec.
        mutating func sendSecond(
            cid: String = "second", sid: String? = nil
        ) -> [Livekit_SignalResponse.OneOf_Message] {
            var request = Livekit_AddTrackRequest()
            (request.cid, request.sid, request.type) = (cid, sid ?? track.text, .video)
            request.simulcastCodecs = [Self.codec("vp8", cid: cid, sizes: 3)]
            _ = room.inbox(of: publisher)
            room.receive(.addTrack(request), from: publisher)
            return room.inbox(of: publisher)
        }
    }

    @Test("everybody gets the first codec that he decodes, and the second is wanted at once")
    func choice() throws {
        var stage = try Stage()
        _ = stage.told(after: .zero)
        #expect(stage.negotiate() == [0, 1])
        #expect(stage.told(after: .zero) == [["vp9": 3, "vp8": 3]])
        // Again and again after each exchange of descriptions.
        #expect(stage.negotiate() == [0, 1])
        #expect(stage.told(after: .seconds(20)) == [])
    }

    @Test("a second codec that nobody needs is never mentioned")
    func silence() throws {
        var stage = try Stage()
        stage.room.receive(.leave(Livekit_LeaveRequest()), from: stage.poor)
        #expect(stage.told(after: .seconds(20)) == [["vp9": 3]])
    }

    @Test("when those who need it have gone it is not wanted any more, five seconds later, and comes back")
    func sleep() throws {
        var stage = try Stage()
        _ = stage.negotiate()
        _ = stage.told(after: .seconds(20))
        stage.room.receive(.leave(Livekit_LeaveRequest()), from: stage.poor)
        #expect(stage.told(after: .milliseconds(4_900)) == [])
        #expect(stage.told(after: .milliseconds(200)) == [["vp9": 3, "vp8": 0]])
        let another = stage.room.join("another")
        #expect(stage.room.state.chooseCodec(of: stage.track, decoding: [.vp8], for: another) == 1)
        #expect(stage.told(after: .zero).last == ["vp9": 3, "vp8": 3])
    }

    @Test("the first codec sleeps while everybody needs the second")
    func firstSleeps() throws {
        var stage = try Stage()
        _ = stage.negotiate()
        stage.room.receive(.leave(Livekit_LeaveRequest()), from: stage.subscriber)
        #expect(stage.told(after: .seconds(20)).last == ["vp9": 0, "vp8": 3])
    }

    @Test("the size that a subscriber asks for is one of the codec that he gets")
    func sizes() throws {
        var stage = try Stage("av1", sizes: 1)
        _ = stage.negotiate()
        _ = stage.told(after: .seconds(20))
        var settings = Livekit_UpdateTrackSettings()
        settings.trackSids = [stage.track.text]
        (settings.width, settings.height) = (320, 180)
        stage.room.actions = []
        for sid in [stage.subscriber, stage.poor] { stage.room.receive(.trackSetting(settings), from: sid) }
        #expect(stage.told(after: .seconds(10)) == [["av1": 3, "vp8": 1]])
        let layers = stage.room.actions.compactMap { action -> Int? in
            if case .prefer(let preference, _, _) = action { preference.layer } else { nil }
        }
        #expect(layers == [0, 0])
    }

    @Test("who decodes none of the codecs is told so, and counts as nobody")
    func undecodable() throws {
        var stage = try Stage()
        #expect(stage.room.state.chooseCodec(of: stage.track, decoding: [.h264], for: stage.poor) == nil)
        stage.room.settle()
        let errors = stage.room.inbox(of: stage.poor).compactMap { message -> Livekit_SubscriptionError? in
            if case .subscriptionResponse(let response) = message { response.err } else { nil }
        }
        #expect(errors == [.seCodecUnsupported])
        stage.room.receive(.leave(Livekit_LeaveRequest()), from: stage.subscriber)
        #expect(stage.told(after: .seconds(20)).last == ["vp9": 0])
        // Another exchange of descriptions may change it.
        #expect(stage.room.state.chooseCodec(of: stage.track, decoding: [.vp9], for: stage.poor) == 0)
        #expect(stage.told(after: .zero) == [["vp9": 3]])
    }

    @Test("the second codec is announced for the same track, and its section belongs to that")
    func announcement() throws {
        var stage = try Stage()
        guard case .trackPublished(let published)? = stage.sendSecond().first else {
            Issue.record("no answer")
            return
        }
        #expect(published.cid == "second" && published.track.sid == stage.track.text)
        #expect(published.track.codecs.map(\.cid) == ["first", "second"])
        let section = PublishedSection(
            mid: "2", cid: "second", type: .video, mimeType: "video/VP8", rids: ["q", "h", "f"])
        let stream = TrackStream(track: stage.track, codec: 1)
        #expect(stage.room.state.negotiated(section, by: stage.publisher) == stream)
        #expect(stage.room.state.negotiated(section, by: stage.publisher) == stream)
        stage.room.settle()
        let record = try #require(stage.room.updates(to: stage.subscriber).last?.tracks.first)
        #expect(record.mid == "1" && record.mimeType == "video/VP9")
        #expect(record.codecs.map(\.mid) == ["1", "2"])
        #expect(record.codecs.last?.layers.map(\.rid) == ["q", "h", "f"])
    }

    @Test("a codec of an unknown track, or one that was not named before, is refused")
    func refusal() throws {
        var stage = try Stage()
        guard case .requestResponse(let response)? = stage.sendSecond(sid: "TR_other").first else {
            Issue.record("not refused")
            return
        }
        #expect(response.reason == .notFound && response.addTrack.cid == "second")
        let plain = try stage.room.publish("plain", from: stage.publisher)
        guard case .requestResponse = stage.sendSecond(sid: plain.text).first else {
            Issue.record("not refused")
            return
        }
    }

    @Test("a second codec that ends can be announced again, and the track stays")
    func again() throws {
        var stage = try Stage()
        _ = stage.sendSecond()
        let section = PublishedSection(mid: "2", cid: "second", type: .video, mimeType: "video/VP8")
        let negotiated = stage.room.state.negotiated(section, by: stage.publisher)
        let stream = try #require(negotiated)
        stage.room.state.endedCodec(stream, by: stage.publisher)
        stage.room.settle()
        #expect(stage.room.state.negotiated(section, by: stage.publisher) == nil)
        _ = stage.sendSecond(cid: "third")
        let next = PublishedSection(mid: "3", cid: "third", type: .video, mimeType: "video/VP8")
        #expect(stage.room.state.negotiated(next, by: stage.publisher) == stream)
        #expect(stage.room.state.owner(of: stage.track) != nil)
    }
}
