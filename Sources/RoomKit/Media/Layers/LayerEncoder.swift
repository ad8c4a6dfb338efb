internal import Codecs
internal import MediaCore

/// Encodes one layer of a track. Its encoder exists only while the layer is sent, so a layer that comes back begins with
/// a key frame.
struct LayerEncoder {
    /// What is the same for all layers of a track.
    struct Settings: Sendable {
        var codec: MediaCodec
        var framesPerSecond: Int
        var isScreen: Bool
        var isSimulcast: Bool
    }

    let layer: VideoLayer
    /// Pictures of this layer when it is smaller than what is captured.
    let pool = VideoFramePool(limit: 2)
    /// What the encoder aims at; zero while the layer is off.
    private(set) var bitrate = Bitrate.zero
    /// How many of the sizes of a VP9 picture are encoded.
    var spatialLayers = VideoPublisher.layerLimit {
        didSet { if spatialLayers != oldValue { try? encoder?.set(spatialLayers: spatialLayers) } }
    }
    /// What it takes when nothing limits it.
    var maximum: Bitrate {
        guard settings.codec == .vp9, !settings.isScreen else { return layer.maximum }
        let share = VP9Encoder.share(
            ofLowest: spatialLayers, width: layer.size.width, height: layer.size.height)
        return layer.maximum * share
    }
    /// Who watched a layer notices within this time that it has gone.
    private static let farewell = Duration.milliseconds(1_500)
    private let settings: Settings
    /// When the layer was sent no more.
    private var fellAsleep: MonotonicTime?
    private var encoder: (any VideoEncoder)?
    private var keyframes = KeyframeGate()
    private var pacing = FramePacing()
    private var framesPerSecond: Int

    init(_ layer: VideoLayer, _ settings: Settings) {
        self.layer = layer
        self.settings = settings
        framesPerSecond = settings.framesPerSecond
    }

    /// Somebody cannot go on without a key frame.
    mutating func requestKeyframe() { keyframes.want() }

    /// The layer is not sent: its memory is free. Answers whether somebody who watched it until now waits for a key
    /// frame of it.
    mutating func sleep(at now: MonotonicTime) -> Bool {
        if bitrate > .zero { fellAsleep = now }
        encoder = nil
        bitrate = .zero
        let isRecent = fellAsleep.map { now - $0 < Self.farewell } ?? false
        return keyframes.forget() && isRecent
    }

    /// What the layer is to aim at from the next picture on; a screen gets fewer pictures instead of blurred ones.
    mutating func adapt(to bitrate: Bitrate, mostFramesPerSecond: Int) {
        let rate = min(
            mostFramesPerSecond, settings.isScreen ? sharpRate(at: bitrate) : settings.framesPerSecond)
        guard bitrate != self.bitrate || rate != framesPerSecond else { return }
        self.bitrate = bitrate
        framesPerSecond = rate
        try? encoder?.set(bitrate: bitrate, framesPerSecond: rate)
    }

    /// Whether this picture is left out to keep the rate.
    mutating func skips(_ frame: VideoFrame) -> Bool {
        !pacing.takes(
            frame.captureTime, wanted: Double(framesPerSecond), captured: Double(settings.framesPerSecond))
    }

    /// The encoded picture; `nil` when rate control dropped it or there is no encoder for it.
    mutating func encode(_ frame: VideoFrame, timestamp: UInt32, at now: MonotonicTime) -> EncodedFrame? {
        if encoder == nil {
            encoder = makeEncoder(width: frame.width, height: frame.height)
            try? encoder?.set(spatialLayers: spatialLayers)
        }
        let isForced = keyframes.isDue(at: now)
        let encoded = try? encoder?.encode(frame, timestamp: timestamp, isKeyframeForced: isForced)
        if encoded?.isKeyframe == true { keyframes.made(at: now) }
        return encoded
    }

    /// Says how long the last picture took in all layers, so that the encoder can hurry.
    func report(_ spent: Duration) { encoder?.report(encodeTime: spent) }

    private func makeEncoder(width: Int, height: Int) -> (any VideoEncoder)? {
        try? VideoEncoders.make(
            settings.codec,
            settings: VideoEncoderSettings(
                width: width, height: height, framesPerSecond: framesPerSecond, bitrate: bitrate,
                speed: speed(width: width, height: height),
                temporalLayers: settings.isSimulcast && settings.codec == .vp8 ? 3 : 1,
                isScreen: settings.isScreen))
    }

    /// Small pictures are cheap enough for a thorough search; the whole one beside others is not.
    private func speed(width: Int, height: Int) -> Int {
        guard settings.isSimulcast else { return 8 }
        switch width * height {
        case ...80_000: return 6
        case ...320_000: return 8
        default: return 10
        }
    }

    /// Down to half of what it would like a screen keeps its rate, below that its sharpness.
    private func sharpRate(at bitrate: Bitrate) -> Int {
        let share = Double(bitrate.bitsPerSecond) / Double(max(1, layer.maximum.bitsPerSecond))
        return max(1, Int((Double(settings.framesPerSecond) * min(1, share * 2)).rounded()))
    }
}
