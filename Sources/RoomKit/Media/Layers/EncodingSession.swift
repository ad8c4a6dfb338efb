internal import Codecs
internal import MediaCore

/// Encodes the pictures of one track in all layers that are wanted and affordable, one after the other, the largest first.
///
/// Each smaller picture is made from the next larger one. What is given to each layer is up to `LayerAllocation`, what
/// is cut when the machine is too slow up to `EncodeLoad`: a camera loses its top layer and then size, a screen first
/// pictures per second.
struct EncodingSession {
    /// What holds the quality down.
    enum Limitation: Int, Sendable {
        case none, bandwidth, cpu
    }

    /// How many smaller sizes a camera without simulcast can fall back to.
    private static let fallbacks = 2

    /// What the path carries of this track; its layers together stay below.
    var limit = Bitrate(bitsPerSecond: .max)
    /// What holds the quality down.
    private(set) var limitation = Limitation.none
    /// Whether there is one stream; several entries in `encoders` are then its possible sizes.
    private let isLone: Bool
    private let settings: LayerEncoder.Settings
    private var encoders: [LayerEncoder]
    private var allocation: LayerAllocation
    private var load: EncodeLoad
    private let timestampOffset = UInt32.random(in: .min ... .max)

    /// `layers` are those that were negotiated.
    init(layers: [VideoLayer], codec: MediaCodec, framesPerSecond: Int, isScreen: Bool) {
        isLone = layers.count == 1
        settings = LayerEncoder.Settings(
            codec: codec, framesPerSecond: max(1, framesPerSecond), isScreen: isScreen, isSimulcast: !isLone)
        let hasFallbacks = isLone && !isScreen && codec != .vp9
        let sizes = hasFallbacks ? layers.flatMap(Self.withFallbacks) : layers
        encoders = sizes.map { [settings] in LayerEncoder($0, settings) }
        allocation = LayerAllocation(sizes, sharing: isLone ? .highestOnly : .together)
        let hasInnerSizes = codec == .vp9 && !isScreen
        load = EncodeLoad(most: sizes.count - 1 + (isScreen || hasInnerSizes ? Self.fallbacks : 0))
    }

    /// What all layers together aim at.
    var bitrate: Bitrate { encoders.reduce(.zero) { $0 + $1.bitrate } }

    /// Whether a layer is being sent; a lone one in whatever size.
    func isActive(_ index: Int) -> Bool {
        isLone ? bitrate > .zero : encoders.indices.contains(index) && encoders[index].bitrate > .zero
    }

    /// The layer cannot be shown without a key frame.
    mutating func requestKeyframe(of index: Int) {
        for encoder in encoders.indices where isLone || encoder == index {
            encoders[encoder].requestKeyframe()
        }
    }

    /// Who watched a layer that has gone to sleep goes on with the next smaller one, which takes a key frame too.
    private mutating func passOnRequest(of index: Int) {
        guard !isLone, let next = encoders.indices.last(where: { $0 < index && encoders[$0].bitrate > .zero })
        else { return }
        encoders[next].requestKeyframe()
    }

    /// Encodes one picture; `emit` gets each layer's index, its picture and its size as soon as it is there.
    mutating func encode(
        _ frame: VideoFrame, isWatched: [Bool], _ emit: (Int, EncodedFrame, Dimensions) -> Void
    ) {
        let begin = SystemClock.now
        allocate(isWatched, at: begin)
        let timestamp = timestampOffset &+ rtpTimestamp(frame.captureTime)
        var source = frame
        var hasWorked = false
        for index in encoders.indices.reversed() where encoders[index].bitrate > .zero {
            let size = encoders[index].layer.size(of: Dimensions(width: frame.width, height: frame.height))
            guard !encoders[index].skips(frame),
                let picture = ImageScaler.scale(
                    source, to: size.width, size.height, pool: encoders[index].pool)
            else { continue }
            source = picture
            hasWorked = true
            if let encoded = encoders[index].encode(picture, timestamp: timestamp, at: begin) {
                emit(isLone ? 0 : index, encoded, size)
            }
        }
        guard hasWorked else { return }
        let end = SystemClock.now
        for encoder in encoders { encoder.report(end - begin) }
        load.receive(encodeTime: end - begin, at: end)
    }
}

extension EncodingSession {
    private mutating func allocate(_ isWatched: [Bool], at now: MonotonicTime) {
        let frameSteps = settings.isScreen ? min(load.reduction, Self.fallbacks) : 0
        let isUsable = usable(isWatched, cutting: load.reduction - frameSteps)
        leaveOutSizes(isWatched)
        let bitrates = allocation.allocate(limit, isUsable: isUsable, at: now)
        let rate = max(1, settings.framesPerSecond >> frameSteps)
        for (index, bitrate) in zip(encoders.indices, bitrates) {
            if bitrate == .zero {
                if encoders[index].sleep(at: now) { passOnRequest(of: index) }
            } else {
                encoders[index].adapt(
                    to: min(bitrate, encoders[index].maximum), mostFramesPerSecond: rate)
            }
        }
        limitation = limitation(isUsable)
    }

    /// VP9 has all sizes in one stream: those that nobody watches, or that cost too much time, are not encoded.
    private mutating func leaveOutSizes(_ isWatched: [Bool]) {
        guard settings.codec == .vp9, !settings.isScreen else { return }
        let watched = isWatched.count { $0 }
        for index in encoders.indices { encoders[index].spatialLayers = max(1, watched - load.reduction) }
    }

    /// The layers somebody watches without the upper ones that are cut; one always remains.
    private func usable(_ isWatched: [Bool], cutting steps: Int) -> [Bool] {
        let wanted = encoders.indices.filter { index in
            isLone ? isWatched.contains(true) : index < isWatched.count && isWatched[index]
        }
        let kept = wanted.prefix(max(1, wanted.count - steps))
        return encoders.indices.map(kept.contains)
    }

    private func limitation(_ isUsable: [Bool]) -> Limitation {
        if load.reduction > 0 { return .cpu }
        var wanted = Bitrate.zero
        for (encoder, isUsable) in zip(encoders, isUsable) where isUsable {
            wanted = isLone ? encoder.maximum : wanted + encoder.maximum
        }
        return bitrate < wanted * 0.9 ? .bandwidth : .none
    }

    /// The layer, and half and a quarter of its size, which need less; the lowest first.
    private static func withFallbacks(_ layer: VideoLayer) -> [VideoLayer] {
        (0...fallbacks).reversed().map { step in
            var smaller = layer
            smaller.divisor = layer.divisor * Double(1 << step)
            smaller.size = smaller.size(of: layer.size)
            let share = 1 / Double(1 << (2 * step))
            smaller.minimum = layer.minimum * share
            smaller.maximum = layer.maximum * (step == 0 ? 1 : max(share, 0.3))
            return smaller
        }
    }

    /// 90 kHz ticks of a monotonic time; wraps.
    private func rtpTimestamp(_ time: MonotonicTime) -> UInt32 {
        UInt32(truncatingIfNeeded: time.nanoseconds / 1_000 * 9 / 100)
    }
}
