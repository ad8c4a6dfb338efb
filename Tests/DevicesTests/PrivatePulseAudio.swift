import Foundation

/// A PulseAudio daemon of its own, with null sinks as loudspeaker and microphone, in a temporary folder.
///
/// ALSA PCMs lead to it: `rk_speaker` plays into a null sink, and what is played there comes out of `rk_mic`
/// again, as if the microphone heard the loudspeaker.
final class PrivatePulseAudio {
    /// Whether the daemon and ALSA's plugin for it are installed.
    static var isInstalled: Bool {
        let plugins = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []
        return FileManager.default.isExecutableFile(atPath: "/usr/bin/pulseaudio")
            && plugins.contains {
                FileManager.default.fileExists(
                    atPath: "/usr/lib/\($0)/alsa-lib/libasound_module_pcm_pulse.so")
            }
    }

    private let folder: URL
    private var daemon: ChildProcess?
    private var socket: String { folder.appending(path: "native").path }

    /// Starts the daemon, waits until it answers, and points ALSA to it; `nil` when it does not come up.
    init?() throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "pulse-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.script(socket: socket).write(
            to: folder.appending(path: "default.pa"), atomically: true, encoding: .utf8)
        try Self.alsaConfiguration(socket: socket).write(
            to: folder.appending(path: "alsa.conf"), atomically: true, encoding: .utf8)
        guard start() else {
            stop()
            return nil
        }
        setenv("ALSA_CONFIG_PATH", "/usr/share/alsa/alsa.conf:\(folder.path)/alsa.conf", 1)
    }

    /// Ends the daemon as a crash would: its clients are not told.
    func crash() {
        daemon?.kill()
        daemon = nil
    }

    /// Starts the daemon, again after a crash, and waits until it answers; false when it does not come up.
    func start() -> Bool {
        unlink(socket)
        // Without shared memory: libpulse deadlocks when a daemon dies while a client holds a block of it.
        daemon = ChildProcess(
            [
                "pulseaudio", "-n", "-F", folder.appending(path: "default.pa").path, "--daemonize=no",
                "--exit-idle-time=-1", "--use-pid-file=no", "--realtime=no", "--disable-shm=yes",
            ],
            environment: [
                "HOME": folder.path, "XDG_RUNTIME_DIR": folder.path, "PATH": "/usr/bin:/bin",
                "PULSE_SERVER": "unix:\(socket)",
            ])
        for _ in 0..<100 where !FileManager.default.fileExists(atPath: socket) { usleep(50_000) }
        return FileManager.default.fileExists(atPath: socket)
    }

    /// Ends the daemon and removes its folder.
    func stop() {
        unsetenv("ALSA_CONFIG_PATH")
        daemon?.terminate()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func script(socket: String) -> String {
        """
        load-module module-native-protocol-unix auth-anonymous=1 socket=\(socket)
        load-module module-null-sink sink_name=speaker rate=48000 channels=1
        load-module module-null-sink sink_name=micfeed rate=48000 channels=1
        load-module module-remap-source source_name=mic master=micfeed.monitor
        load-module module-loopback source=speaker.monitor sink=micfeed latency_msec=60
        """
    }

    private static func alsaConfiguration(socket: String) -> String {
        """
        pcm.rk_speaker {
            type pulse
            server "unix:\(socket)"
            device speaker
            hint { show on description "Test speaker" }
        }
        pcm.rk_mic {
            type pulse
            server "unix:\(socket)"
            device mic
            hint { show on description "Test microphone" }
        }
        """
    }
}
