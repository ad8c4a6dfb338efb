import Foundation
import Synchronization
import Testing

/// A PulseAudio daemon of its own with two null sinks, reached by programs through ALSA: what is played to the PCM
/// `rk_speaker` can be recorded, and what is played into `micfeed` is what the PCM `rk_mic` hears.
package final class SoundServer: Sendable {
    /// Whether the daemon and ALSA's plugin for it are there.
    package static var isInstalled: Bool {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []
        return FileManager.default.isExecutableFile(atPath: "/usr/bin/pulseaudio")
            && folders.contains {
                FileManager.default.fileExists(
                    atPath: "/usr/lib/\($0)/alsa-lib/libasound_module_pcm_pulse.so")
            }
    }

    private let folder: URL
    private let loopsBack: Bool
    private let daemon = Mutex<SpawnedProgram?>(nil)
    private var socket: String { folder.appending(path: "native").path }

    /// What makes ALSA find the two PCMs.
    package var environment: [String: String] {
        ["ALSA_CONFIG_PATH": "/usr/share/alsa/alsa.conf:\(folder.path)/alsa.conf"]
    }

    private init(folder: URL, loopsBack: Bool) {
        self.folder = folder
        self.loopsBack = loopsBack
    }

    /// Runs `body` with a daemon that is ended after it whatever happens; with `loopsBack` the microphone hears
    /// the loudspeaker.
    package static func run(
        loopsBack: Bool = false, _ body: (SoundServer) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "sound-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = SoundServer(folder: folder, loopsBack: loopsBack)
        try Data(server.script.utf8).write(to: folder.appending(path: "default.pa"))
        try Data(server.configuration.utf8).write(to: folder.appending(path: "alsa.conf"))
        do {
            try await server.start()
            try await body(server)
        } catch {
            await server.end(with: SIGTERM)
            throw error
        }
        await server.end(with: SIGTERM)
    }

    /// Starts the daemon, again after a crash, and waits until it answers.
    package func start() async throws {
        unlink(socket)
        // Without shared memory: libpulse deadlocks when a daemon dies while a client holds a block of it.
        let arguments = [
            "pulseaudio", "-n", "-F", "\(folder.path)/default.pa", "--daemonize=no", "--exit-idle-time=-1",
            "--use-pid-file=no", "--realtime=no", "--disable-shm=yes",
        ]
        let started = try SpawnedProgram(arguments, environment: toolEnvironment)
        daemon.withLock { $0 = started }
        try await wait(for: "PulseAudio", of: started, within: .seconds(10)) {
            FileManager.default.fileExists(atPath: socket)
        }
    }

    /// Ends the daemon as a crash would: its clients are not told.
    package func crash() async { await end(with: SIGKILL) }

    private func end(with signal: Int32) async {
        let running = daemon.withLock { $0.take() }
        running?.send(signal)
        await running?.stop()
    }

    /// Plays a tone into the microphone while `body` runs.
    package func playing(hertz: Int, _ body: () async throws -> Void) async throws {
        let file = folder.appending(path: "tone.raw")
        let samples = (0..<48_000 * 30).map {
            Int16(8_000 * sin(2 * .pi * Double(hertz * $0) / 48_000)).littleEndian
        }
        try samples.withUnsafeBytes { try Data($0).write(to: file) }
        let play = ["pacat", "--playback", "--device=micfeed"] + Self.format + [file.path]
        try await SpawnedProgram.run(play, environment: toolEnvironment) { _ in try await body() }
    }

    /// Waits until what the loudspeaker plays is a tone of a frequency and of some loudness; fails after
    /// `limit`.
    package func expect(
        hertz: Int, of client: SpawnedClient, within limit: Duration = .seconds(15)
    ) async throws {
        let record = ["parec", "--device=speaker.monitor", "--latency-msec=100"] + Self.format
        try await SpawnedProgram.run(record, environment: toolEnvironment) { recorder in
            try await wait(for: "\(hertz) Hz from the loudspeaker", of: client.program, within: limit) {
                let data = (try? Data(contentsOf: recorder.folder.appending(path: "stdout"))) ?? Data()
                let samples = data.suffix(48_000 * 2 + data.count % 2).dropLast(data.count % 2)
                return isTone(Array(samples), hertz: hertz)
            }
        }
    }

    private var toolEnvironment: [String: String] { ["PULSE_SERVER": "unix:\(socket)"] }

    private static let format = ["--raw", "--format=s16le", "--rate=48000", "--channels=1"]

    private var script: String {
        """
        load-module module-native-protocol-unix auth-anonymous=1 socket=\(socket)
        load-module module-null-sink sink_name=speaker rate=48000 channels=1
        load-module module-null-sink sink_name=micfeed rate=48000 channels=1
        load-module module-remap-source source_name=mic master=micfeed.monitor
        \(loopsBack ? "load-module module-loopback source=speaker.monitor sink=micfeed latency_msec=60" : "")

        """
    }

    private var configuration: String {
        """
        pcm.rk_speaker { type pulse server "unix:\(socket)" device speaker hint { show on description "Test speaker" } }
        pcm.rk_mic { type pulse server "unix:\(socket)" device mic hint { show on description "Test microphone" } }

        """
    }
}

/// Whether a second of samples, 16 bits each, is a tone: loud, and crossing zero as often as it should.
private func isTone(_ bytes: [UInt8], hertz: Int) -> Bool {
    guard bytes.count >= 96_000 else { return false }
    let samples = stride(from: 0, to: bytes.count - 1, by: 2).map {
        Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
    }
    let crossings = zip(samples, samples.dropFirst()).count { $0 < 0 && $1 >= 0 }
    let power = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count)
    return abs(crossings - hertz) <= 4 && power.squareRoot() > 500
}
