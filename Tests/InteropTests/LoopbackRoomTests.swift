import Devices
import Foundation
import MediaCore
import RoomKit
import RoomServer
import TestSupport
import Testing

@Suite("Loopback: our participants in our room", .serialized)
struct LoopbackRoomTests {
    @Test("pictures and sound of one are seen and heard by the other", arguments: [true, false])
    func mediaArrive(onSinglePeerConnection isSingle: Bool) async throws {
        var configuration = RoomServerConfiguration(keys: [TestRoom.key: TestRoom.secret])
        configuration.offersSinglePeerConnection = isSingle
        try await TestRoom.run(configuration) { host in
            try await host.join("sender") { sender, _ in
                let pattern = TestPatternSource(
                    format: VideoFormat(width: 640, height: 360, framesPerSecond: 30))
                try await sender.localParticipant.publish(videoTrack: LocalVideoTrack(source: pattern))
                try await sender.localParticipant.publish(
                    audioTrack: LocalAudioTrack(source: ToneSource(hertz: 440)),
                    options: AudioPublishOptions.unprocessed)
                try await host.join("receiver") { _, events in
                    let pictures = PictureWatcher()
                    let sound = SoundWatcher()
                    try await events.video(of: "sender").add(videoRenderer: pictures)
                    try await events.audio(of: "sender").add(audioRenderer: sound)
                    try await wait(for: "60 readable pictures") { pictures.seen.readable >= 60 }
                    #expect(pictures.seen.width == 640 && pictures.seen.height == 360)
                    try await wait(for: "two seconds of a 440 Hz tone") {
                        sound.sampleCount > 96_000 && abs(sound.frequency - 440) <= 2
                    }
                    #expect(sound.loudness > 1_000)
                }
            }
        }
    }

    @Test("data, muting, metadata and leaving reach the others", arguments: [true, false])
    func everythingElseArrives(onSinglePeerConnection isSingle: Bool) async throws {
        var configuration = RoomServerConfiguration(keys: [TestRoom.key: TestRoom.secret])
        configuration.offersSinglePeerConnection = isSingle
        try await TestRoom.run(configuration) { host in
            try await host.join("ann") { ann, annEvents in
                try await host.join("bob") { bob, bobEvents in
                    try await ann.localParticipant.publish(
                        audioTrack: LocalAudioTrack(source: ToneSource(hertz: 440)))
                    try await bobEvents.audio(of: "ann")
                    let publication = try #require(await ann.localTrackPublications.first)
                    try await publication.mute()
                    try await bobEvents.expect("track_muted") {
                        if case .trackMuted = $0 { true } else { nil }
                    }
                    try await publication.unmute()
                    try await bobEvents.expect("track_unmuted") {
                        if case .trackUnmuted = $0 { true } else { nil }
                    }

                    for isReliable in [true, false] {
                        let text = isReliable ? "for sure" : "perhaps"
                        try await bob.localParticipant.publish(
                            data: Array(text.utf8),
                            options: DataPublishOptions(topic: "t", reliable: isReliable))
                        let message = try await annEvents.expect(text) { event -> DataMessage? in
                            guard case .dataReceived(let message) = event else { return nil }
                            return String(decoding: message.data, as: UTF8.self) == text ? message : nil
                        }
                        #expect(message.participant?.identity == "bob" && message.topic == "t")
                        #expect(message.isReliable == isReliable)
                    }

                    try await bob.localParticipant.set(attributes: ["mood": "calm"])
                    try await annEvents.expect("attributes") { event -> Bool? in
                        guard case .participantAttributesChanged(_, let changed) = event else { return nil }
                        return changed == ["mood": "calm"] ? true : nil
                    }
                }
                try await annEvents.expect("participant_disconnected") {
                    if case .participantDisconnected(let who) = $0, who.identity == "bob" {
                        true
                    } else {
                        nil
                    }
                }
            }
        }
    }

    @Test("several participants are heard together, and each as loud as wanted")
    func soundIsMixed() async throws {
        let speaker = CapturingSink()
        var options = RoomOptions()
        options.speaker = speaker
        try await TestRoom.run { host in
            try await host.join("low") { low, _ in
                try await host.join("high") { high, _ in
                    for (room, hertz) in [(low, 440.0), (high, 1_000.0)] {
                        try await room.localParticipant.publish(
                            audioTrack: LocalAudioTrack(source: ToneSource(hertz: hertz)),
                            options: .unprocessed)
                    }
                    try await host.join("listener", options: options) { _, events in
                        let quieter = try await events.audio(of: "high")
                        try await wait(for: "both tones") {
                            speaker.loudness(at: 440) > 4_000 && speaker.loudness(at: 1_000) > 4_000
                        }
                        quieter.volume = 0
                        try await wait(for: "one tone") {
                            speaker.loudness(at: 440) > 4_000 && speaker.loudness(at: 1_000) < 200
                        }
                    }
                }
            }
        }
    }

    @Test("a second session of the same identity puts the first out, and says so")
    func duplicateIdentity() async throws {
        try await TestRoom.run { host in
            try await host.join("twin") { _, events in
                try await host.join("twin") { _, _ in
                    let reason = try await events.expect("disconnected") { event -> DisconnectReason? in
                        if case .disconnected(let reason) = event { reason } else { nil }
                    }
                    #expect(reason == .duplicateIdentity)
                }
            }
        }
    }

    @Test("a wrong secret, a wrong port and a wrong URL each have their own error")
    func refusalsAreTold() async throws {
        try await TestRoom.run { host in
            let room = Room(logger: quietLogger)
            let forged = host.token("eve").dropLast(4) + "AAAA"
            let refused = await #expect(throws: RoomError.self) {
                try await room.connect(url: host.url, token: String(forged))
            }
            #expect(refused?.code == .unauthorized)
            let unreachable = await #expect(throws: RoomError.self) {
                try await room.connect(url: "ws://127.0.0.1:1", token: host.token("eve"))
            }
            #expect(unreachable?.code == .unreachable)
            let nonsense = await #expect(throws: RoomError.self) {
                try await room.connect(url: "gopher://x", token: host.token("eve"))
            }
            #expect(nonsense?.code == .invalidURL)
        }
    }
}

extension AudioPublishOptions {
    /// A tone is steady, and noise suppression would take it away.
    static var unprocessed: AudioPublishOptions {
        var options = AudioPublishOptions()
        options.isProcessed = false
        return options
    }
}

extension EventLog {
    /// The pictures of somebody, when they are subscribed.
    @discardableResult
    func video(of identity: ParticipantIdentity) async throws -> RemoteVideoTrack {
        try await expect("video of \(identity)") { event in
            guard case .trackSubscribed(.video(let track), _, let who) = event, who.identity == identity
            else {
                return nil
            }
            return track
        }
    }

    /// The sound of somebody, when it is subscribed.
    @discardableResult
    func audio(of identity: ParticipantIdentity) async throws -> RemoteAudioTrack {
        try await expect("audio of \(identity)") { event in
            guard case .trackSubscribed(.audio(let track), _, let who) = event, who.identity == identity
            else {
                return nil
            }
            return track
        }
    }
}
