import LiveKitProtocol
import MediaCore
import Testing

@testable import RoomServer

@Suite("Telling publishers what is watched")
struct RoomQualitiesTests {
    /// A publisher with a camera, and a subscriber.
    private struct Stage {
        var room = RoomUnderTest()
        let publisher: ParticipantSID
        let subscriber: ParticipantSID
        let track: TrackSID

        init(isAdaptiveStreaming: Bool = false) throws {
            publisher = room.join("publisher")
            subscriber = room.join("subscriber", isAdaptiveStreaming: isAdaptiveStreaming)
            track = try room.publish("camera", from: publisher)
        }

        /// The subscriber wants the track in this form.
        mutating func want(_ change: (inout Livekit_UpdateTrackSettings) -> Void) {
            var settings = Livekit_UpdateTrackSettings()
            settings.trackSids = [track.text]
            change(&settings)
            room.receive(.trackSetting(settings), from: subscriber)
        }

        /// What the publisher was told since it was last asked: how many qualities are enabled.
        mutating func told(after span: Duration) -> [Int] {
            room.run(for: span)
            return room.inbox(of: publisher).compactMap { message in
                guard case .subscribedQualityUpdate(let update) = message else { return nil }
                let qualities = update.subscribedCodecs.first?.qualities ?? []
                #expect(qualities == update.subscribedQualities && qualities.count == 3)
                #expect(update.subscribedCodecs.first?.codec == "vp8")
                return qualities.count(where: \.enabled)
            }
        }
    }

    @Test("at first everything is watched, and a new track is left alone for ten seconds")
    func leavesNewTracksAlone() throws {
        var stage = try Stage()
        #expect(stage.told(after: .zero) == [3])
        stage.want { $0.quality = .low }
        #expect(stage.told(after: .milliseconds(9_900)) == [])
        #expect(stage.told(after: .milliseconds(200)) == [1])
    }

    @Test("less is told after five seconds, more at once")
    func tellsLessLater() throws {
        var stage = try Stage()
        _ = stage.told(after: .seconds(20))
        stage.want { $0.quality = .medium }
        #expect(stage.told(after: .milliseconds(4_900)) == [])
        #expect(stage.told(after: .milliseconds(200)) == [2])
        stage.want { $0.quality = .high }
        #expect(stage.told(after: .zero) == [3])
    }

    @Test("a wish that comes and goes is not told")
    func debounces() throws {
        var stage = try Stage()
        _ = stage.told(after: .seconds(20))
        stage.want { $0.disabled = true }
        #expect(stage.told(after: .seconds(4)) == [])
        stage.want { $0.quality = .high }
        #expect(stage.told(after: .seconds(20)) == [])
    }

    @Test("a track that nobody watches is not sent at all")
    func switchesOff() throws {
        var stage = try Stage()
        _ = stage.told(after: .seconds(20))
        stage.room.receive(.leave(Livekit_LeaveRequest()), from: stage.subscriber)
        #expect(stage.told(after: .seconds(6)) == [0])
        _ = stage.room.join("another")
        #expect(stage.told(after: .zero) == [3])
    }

    @Test("the most demanding subscriber counts")
    func takesMaximum() throws {
        var stage = try Stage()
        _ = stage.room.join("another")
        _ = stage.told(after: .seconds(20))
        stage.want { $0.quality = .low }
        #expect(stage.told(after: .seconds(20)) == [])
    }

    @Test("while a track is muted nothing is told, and afterwards what is right by then")
    func waitsForUnmute() throws {
        var stage = try Stage()
        _ = stage.told(after: .seconds(20))
        var request = Livekit_MuteTrackRequest()
        request.sid = stage.track.text
        request.muted = true
        stage.room.receive(.mute(request), from: stage.publisher)
        stage.want { $0.quality = .low }
        #expect(stage.told(after: .seconds(20)) == [])
        request.muted = false
        stage.room.receive(.mute(request), from: stage.publisher)
        #expect(stage.told(after: .seconds(6)) == [1])
    }

    @Test("who shows pictures in the size of a view begins with the smallest")
    func beginsSmall() throws {
        var stage = try Stage(isAdaptiveStreaming: true)
        let wanted = stage.room.actions.compactMap { action -> TrackPreference? in
            if case .prefer(let preference, _, _) = action { preference } else { nil }
        }
        #expect(wanted == [TrackPreference(layer: 0)])
        #expect(stage.told(after: .seconds(11)) == [3, 1])
        stage.want {
            $0.width = 1_280; $0.height = 720
        }
        #expect(stage.told(after: .zero) == [3])
    }
}
