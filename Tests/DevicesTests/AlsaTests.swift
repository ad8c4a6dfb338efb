import Foundation
import MediaCore
import Synchronization
import TestSupport
import Testing

@testable import Devices

@Suite("ALSA", .serialized, .enabled(if: SoundServer.isInstalled))
struct AlsaTests {
    @Test("a tone played to the speaker is heard by the microphone, in real time, without xruns")
    func hearsItself() async throws {
        try await withSoundServer { _ in
            let start = SystemClock.now
            async let played = play(periods: 250)
            async let heard = record(periods: 250)
            let (delay, samples) = try await (played, heard)
            let elapsed = (SystemClock.now - start).inSeconds
            #expect(elapsed > 2.2)
            #expect(elapsed < 6)
            #expect(delay > .milliseconds(5))
            #expect(delay < .milliseconds(200))
            let end = samples.suffix(24_000)
            #expect(end.contains { $0 > 1_000 })
            #expect(abs(frequency(of: end) - 440) < 5)
        }
    }

    @Test("both PCMs are listed with their descriptions, open, and are found by a part of the name")
    func listsDevices() async throws {
        try await withSoundServer { _ in
            let microphones = AudioDeviceCatalog.microphones()
            let microphone = try #require(microphones.first { $0.id == "rk_mic" })
            #expect(microphone.name == "Test microphone")
            #expect(AudioDeviceCatalog.isWorking(microphone))
            #expect(try MicrophoneChoice("test micro", among: microphones) == .device(microphone))
            #expect(AudioDeviceCatalog.speakers().contains { $0.id == "rk_speaker" })
            #expect(!microphones.contains { $0.id == "null" || $0.id == "upmix" })
        }
    }

    @Test("a microphone whose sound server crashes gives silence, and sound again when it is back")
    func survivesCrash() async throws {
        let warnings = Mutex<[DeviceWarning]>([])
        try await onThread("test-mic") {
            try await withSoundServer { server in
                let microphone = AlsaMicrophone(name: "rk_mic") { warning in
                    warnings.withLock { $0.append(warning) }
                }
                let input = try microphone.open()
                defer { input.close() }
                #expect(try read(20 * 480, from: input).count == 20 * 480)
                await server.crash()
                _ = try read(50 * 480, from: input)
                #expect(warnings.withLock { $0.count } == 1)
                try await server.start()
                _ = try read(250 * 480, from: input)
                #expect(warnings.withLock { $0.last } == .isBack(device: "microphone rk_mic"))
            }
        }
    }

    @Test("a PCM that does not exist is one sentence with its name")
    func namesMissingPCM() {
        let error = #expect(throws: DeviceError.self) { try AlsaMicrophone(name: "no_such_pcm").open() }
        #expect(error?.description.contains("no_such_pcm") == true)
        #expect(throws: DeviceError.self) { try AlsaSpeaker(name: "no_such_pcm").open() }
    }

    @Test("a PCM that takes only stereo is used through the converter")
    func converts() throws {
        let path = temporaryPath("conf")
        defer {
            unsetenv("ALSA_CONFIG_PATH")
            unlink(path)
        }
        let text = """
            pcm.rk_rigid {
                type multi
                slaves.a { pcm { type null } channels 2 }
                bindings.0 { slave a channel 0 }
                bindings.1 { slave a channel 1 }
            }
            """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        setenv("ALSA_CONFIG_PATH", "/usr/share/alsa/alsa.conf:\(path)", 1)
        let output = try AlsaSpeaker(name: "rk_rigid").open()
        try [Int16](repeating: 1, count: 480).withUnsafeBufferPointer { try output.write($0) }
        output.close()
    }

    private func play(periods: Int) async throws -> Duration {
        try await onThread("test-speaker") {
            let tone = try ToneSource(hertz: 440).open()
            let output = try AlsaSpeaker(name: "rk_speaker").open()
            var period = [Int16](repeating: 0, count: 480)
            for _ in 0..<periods {
                _ = try period.withUnsafeMutableBufferPointer { try tone.read($0) }
                try period.withUnsafeBufferPointer { try output.write($0) }
            }
            let delay = output.delay
            output.close()
            return delay
        }
    }

    private func record(periods: Int) async throws -> [Int16] {
        try await onThread("test-mic") {
            let input = try AlsaMicrophone(name: "rk_mic").open()
            let samples = try read(periods * 480, from: input)
            input.close()
            return samples
        }
    }

    /// Blocking work must not take a thread of the pool away from the other tests.
    private func onThread<Value: Sendable>(
        _ name: String, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let thread = PinnedThread(name: name)
        return try await Task(executorPreference: thread) { try await work() }.value
    }
}

/// Runs `body` with a sound server whose microphone hears its loudspeaker, and to which ALSA is pointed.
private func withSoundServer(_ body: (SoundServer) async throws -> Void) async throws {
    try await SoundServer.run(loopsBack: true) { server in
        for (name, value) in server.environment { setenv(name, value, 1) }
        defer { server.environment.keys.forEach { unsetenv($0) } }
        try await body(server)
    }
}
