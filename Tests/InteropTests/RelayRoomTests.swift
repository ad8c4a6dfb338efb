import Devices
import Foundation
import MediaCore
import RoomKit
import RoomServer
import TestSupport
import Testing

/// Whole calls whose media go through a TURN server that the room hands out.
@Suite("Rooms behind a relay", .serialized)
struct RelayRoomTests {
    @Test(
        "pictures and sound arrive when both sides use nothing but the relay",
        arguments: [
            "turn:127.0.0.1:{port}", "turn:127.0.0.1:{port}?transport=tcp",
            "turns:localhost:{secure}?transport=tcp",
        ])
    func callThroughARelay(url: String) async throws {
        try await ServerCertificate.run(name: "DNS:localhost") { certificate in
            try await TurnServer.run(certificate) { relay in
                let configuration = RoomServerConfiguration(
                    keys: [TestRoom.key: TestRoom.secret],
                    iceServers: [.init(urls: [relay.url(url)], username: "user", credential: "secret")])
                try await TestRoom.run(configuration) { host in
                    var options = ConnectOptions()
                    options.usesRelayOnly = true
                    options.certificateAuthorityFile = certificate.authority
                    try await call(host, options)
                    #expect(relay.allocations >= 2)
                }
            }
        }
    }

    private func call(_ host: TestRoom, _ options: ConnectOptions) async throws {
        try await host.join("sender", connectOptions: options) { sender, _ in
            let format = VideoFormat(width: 640, height: 360, framesPerSecond: 30)
            try await sender.localParticipant.publish(
                videoTrack: LocalVideoTrack(source: TestPatternSource(format: format)))
            try await sender.localParticipant.publish(
                audioTrack: LocalAudioTrack(source: ToneSource(hertz: 440)), options: .unprocessed)
            try await host.join("receiver", connectOptions: options) { _, events in
                let (pictures, sound) = (PictureWatcher(), SoundWatcher())
                try await events.video(of: "sender").add(videoRenderer: pictures)
                try await events.audio(of: "sender").add(audioRenderer: sound)
                try await wait(for: "30 readable pictures", within: .seconds(15)) {
                    pictures.seen.readable >= 30
                }
                try await wait(for: "440 Hz", within: .seconds(10)) { abs(sound.frequency - 440) <= 2 }
            }
        }
    }
}
