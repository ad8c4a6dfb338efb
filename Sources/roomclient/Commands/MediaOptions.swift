import ArgumentParser

/// What pictures can be encoded with.
enum CameraCodec: String, CaseIterable, ExpressibleByArgument {
    case vp8, vp9, h264, av1
}

/// What is sent and heard.
struct MediaOptions: ParsableArguments {
    @Option(help: "none, default, index, part of a name, id, tone[:HZ], silence, file:PATH.wav or alsa:NAME.")
    var microphone: String?
    @Option(help: "none, default, index, part of a name, id, file:PATH.wav or alsa:NAME.")
    var speaker: String?
    @Option(help: "none, default, index, part of a name, id, pattern or file:PATH.")
    var camera: String?
    @Option(help: "Size of the camera picture.")
    var cameraSize = PictureSize(width: 1_280, height: 720)
    @Option(help: "Pictures per second of the camera, 1 to 120.")
    var fps = 30
    @Option(help: "How the camera is encoded.")
    var codec = CameraCodec.vp8
    @Option(help: ArgumentHelp("Highest video bitrate (default: by size).", valueName: "kbps"))
    var maxBitrate: Int?
    @Flag(help: "Send the camera in one size only.")
    var noSimulcast = false
    @Flag(help: "Encode every size of the camera, also those nobody watches.")
    var noDynacast = false
    @Flag(help: "Leave the echo of the speaker in the microphone's sound.")
    var noEchoCancellation = false
    @Flag(help: "Leave steady noise in the microphone's sound.")
    var noNoiseSuppression = false
    @Flag(help: "Leave the microphone as loud or quiet as it is.")
    var noAutoGain = false
    @Flag(help: "Receive pictures in full, however small or hidden they are in the window.")
    var noAdaptiveStream = false
    @Flag(help: "Ask nothing: take each flag, else the first device that works, and say which.")
    var noPrompt = false

    func validate() throws {
        guard (1...120).contains(fps) else { throw ValidationError("--fps \(fps): it may be 1 to 120.") }
        if let maxBitrate, !(10...100_000).contains(maxBitrate) {
            throw ValidationError("--max-bitrate \(maxBitrate): it may be 10 to 100000 kbit/s.")
        }
    }
}
