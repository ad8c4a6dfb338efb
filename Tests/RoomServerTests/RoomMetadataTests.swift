import LiveKitProtocol
import MediaCore
import Testing

@testable import RoomServer

@Suite("Names, metadata, speakers and quality")
struct RoomMetadataTests {
    private func reasons(_ messages: [Livekit_SignalResponse.OneOf_Message]) -> [Livekit_RequestResponse
        .Reason]
    {
        messages.compactMap { if case .requestResponse(let response) = $0 { response.reason } else { nil } }
    }

    @Test("an update is confirmed and told to everybody; empty texts change nothing")
    func updatesMetadata() throws {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let bert = room.join("bert")
        _ = room.inbox(of: anna)
        var request = Livekit_UpdateParticipantMetadata()
        request.name = "Anna"
        request.attributes = ["mood": "calm", "old": "x"]
        request.requestID = 9
        room.receive(.updateMetadata(request), from: anna)
        let answers = room.inbox(of: anna)
        #expect(reasons(answers) == [.ok])
        request = Livekit_UpdateParticipantMetadata()
        request.metadata = "m"
        request.attributes = ["old": ""]
        room.receive(.updateMetadata(request), from: anna)
        let seenByBert = room.updates(to: bert)
        let seen = try #require(seenByBert.last)
        #expect(seen.name == "Anna")
        #expect(seen.metadata == "m")
        #expect(seen.attributes == ["mood": "calm"])
        #expect(seen.version == 3)
    }

    @Test("without the right, or beyond the limit, nothing changes")
    func refusesMetadata() {
        var room = RoomUnderTest()
        let anna = room.join("anna") { $0.canUpdateMetadata = false }
        let bert = room.join("bert")
        _ = room.inbox(of: bert)
        var request = Livekit_UpdateParticipantMetadata()
        request.name = "x"
        room.receive(.updateMetadata(request), from: anna)
        let refused = room.inbox(of: anna)
        #expect(reasons(refused) == [.notAllowed])
        request.attributes = ["a": String(repeating: "b", count: 64 << 10)]
        room.receive(.updateMetadata(request), from: bert)
        let limited = room.inbox(of: bert)
        #expect(reasons(limited) == [.limitExceeded])
        #expect(room.state.members.allSatisfy { $0.info.version == 1 })
    }

    @Test(
        "a voice louder than -35 dB for two fifths of a window is told to those who hear it",
        arguments: [
            (UInt8(35), 8, true), (35, 7, false), (36, 20, false), (0, 20, true), (127, 20, false),
        ])
    func findsSpeakers(level: UInt8, packets: Int, isSpeaking: Bool) throws {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let bert = room.join("bert")
        _ = try room.publish("c1", .audio, from: anna)
        _ = room.inbox(of: bert)
        for _ in 0..<packets {
            room.state.speakers.receive(level: level, lasting: .milliseconds(20), from: anna, at: room.now)
        }
        room.run(for: .milliseconds(400))
        let told = room.inbox(of: bert).contains { message in
            if case .speakersChanged(let change) = message {
                change.speakers.first?.active == true
            } else {
                false
            }
        }
        #expect(told == isSpeaking)
    }

    @Test("who falls silent is told once, and levels are eighths")
    func noticesSilence() {
        var observer = SpeakerObserver()
        let anna = ParticipantSID(text: "PA_anna")
        var now = MonotonicTime.zero
        var levels: [Double] = []
        for window in 0..<10 {
            for _ in 0..<20 {
                observer.receive(level: window < 5 ? 12 : 90, lasting: .milliseconds(20), from: anna, at: now)
            }
            now += .milliseconds(400)
            levels += observer.advance(to: now).map(\.level)
        }
        #expect(levels.first ?? 0 > 0)
        #expect(levels.last == 0)
        #expect(levels.count { $0 == 0 } == 1)
        #expect(levels.allSatisfy { ($0 * 8).rounded() == $0 * 8 })
    }

    @Test(
        "quality is told when it changes: to itself and to those who receive from it",
        arguments: [
            (0.0, Livekit_ConnectionQuality.excellent), (0.04, .excellent), (0.1, .good), (0.17, .poor),
            (0.5, .lost),
        ])
    func tellsQuality(lost: Double, quality: Livekit_ConnectionQuality) throws {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let bert = room.join("bert")
        _ = try room.publish("c1", .audio, from: anna)
        for sid in [anna, bert] { room.state.becameActive(sid, at: room.now) }
        room.state.measured(lostShare: lost, from: anna)
        room.settle()
        _ = room.inbox(of: bert)
        room.run(for: .seconds(20))
        let told = room.inbox(of: bert).flatMap { message -> [Livekit_ConnectionQualityInfo] in
            if case .connectionQuality(let update) = message { update.updates } else { [] }
        }
        #expect(told.filter { $0.participantSid == anna.text }.map(\.quality) == [quality])
    }

    @Test(
        "a size chooses the lowest layer that nearly reaches it",
        arguments: [
            (UInt32(0), UInt32(0), nil as Int?), (320, 180, 0), (320, 200, 0), (320, 201, 1), (640, 360, 1),
            (1_920, 1_080, nil),
        ])
    func choosesLayer(width: UInt32, height: UInt32, layer: Int?) {
        var track = Livekit_TrackInfo()
        (track.width, track.height) = (1_280, 720)
        track.layers = [UInt32(180), 360, 720].map { height in
            var layer = Livekit_VideoLayer()
            (layer.width, layer.height) = (height * 16 / 9, height)
            return layer
        }
        var settings = Livekit_UpdateTrackSettings()
        (settings.width, settings.height, settings.quality) = (width, height, .high)
        #expect(LayerChoice.preference(settings, of: track) == TrackPreference(layer: layer))
    }
}

@Suite("Measuring loss")
struct LossMeterTests {
    @Test("the share is that of the time since the last look")
    func measuresSinceLastLook() {
        var meter = LossMeter()
        #expect(meter.read((90, 10)) == 0.1)
        #expect(meter.read((190, 10)) == 0)
        #expect(meter.read((190, 10)) == 0)
        #expect(meter.read((5, 0)) == 0)
        #expect(meter.read((8, 1)) == 0.25)
    }
}
