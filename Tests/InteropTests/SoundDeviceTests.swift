import Devices
import Foundation
import RoomKit
import TestSupport
import Testing

/// Microphone and loudspeaker of a spawned client, through ALSA's real API on a private PulseAudio.
@Suite("Sound devices of the program", .serialized)
struct SoundDeviceTests {
    @Test("the speaker plays what another one sends")
    func speaker() async throws {
        try await SoundServer.run { sound in
            try await TestRoom.run { host in
                try await host.join("sender") { sender, _ in
                    try await sender.localParticipant.publish(
                        audioTrack: LocalAudioTrack(source: ToneSource(hertz: 440)), options: .unprocessed)
                    let arguments = [
                        "--view", "none", "--camera", "none", "--microphone", "none", "--speaker",
                        "alsa:rk_speaker",
                        "--url", host.url, "--token", host.token("listener"),
                    ]
                    try await SpawnedClient.run(arguments, environment: sound.environment) { client in
                        try await sound.expect(hertz: 440, of: client)
                        client.program.send(SIGINT)
                        try await client.expect(status: 0)
                    }
                }
            }
        }
    }

    @Test("the microphone is what the other one hears")
    func microphone() async throws {
        try await SoundServer.run { sound in
            try await TestRoom.run { host in
                try await host.join("listener") { _, events in
                    let arguments = [
                        "--view", "none", "--camera", "none", "--microphone", "alsa:rk_mic", "--speaker",
                        "none",
                        "--no-echo-cancellation", "--no-noise-suppression", "--no-auto-gain",
                        "--url", host.url, "--token", host.token("talker"),
                    ]
                    try await sound.playing(hertz: 660) {
                        try await SpawnedClient.run(arguments, environment: sound.environment) { client in
                            let watcher = SoundWatcher()
                            try await events.audio(of: "talker").add(audioRenderer: watcher)
                            try await wait(for: "660 Hz", of: client.program, within: .seconds(12)) {
                                abs(watcher.frequency - 660) <= 6 && watcher.loudness > 500
                            }
                            client.program.send(SIGINT)
                            try await client.expect(status: 0)
                        }
                    }
                }
            }
        }
    }

    @Test("without flags and a terminal the first devices that work are taken, and named")
    func firstThatWork() async throws {
        try await SoundServer.run { sound in
            let arguments = ["--view", "none", "--duration", "0.2"]
            try await SpawnedClient.run(arguments, environment: sound.environment) { client in
                try await client.expect(status: 0, within: .seconds(15))
                #expect(client.program.errors.contains("Microphone: Test microphone"))
                #expect(client.program.errors.contains("Speaker: Test speaker"))
            }
        }
    }
}
