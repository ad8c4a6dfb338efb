import CVPX
package import MediaCore

/// Encodes pictures as VP9 by libvpx, in three sizes and three temporal layers of one stream (L3T3_KEY).
///
/// Small pictures have fewer sizes, screens only one. A frame holds all sizes of a picture and says where they are.
/// libvpx wants even sizes here, so an odd picture loses its last column or row.
package final class VP9Encoder: VideoEncoder {
    /// What the encoder runs with now.
    package private(set) var settings: VideoEncoderSettings

    /// The range of libvpx that pays off in real time.
    private static let speeds = 8...9

    private let context: UnsafeMutablePointer<vpx_codec_ctx_t>
    private var isOpen = false
    private var speed = EncodeSpeed(thorough: speeds.lowerBound, fastest: speeds.upperBound)
    private var clock = PresentationClock()
    private var sizes: VP9Sizes
    /// How many sizes somebody watches.
    private var watchedSizes = Int.max
    private var pattern = VP9LayerPattern()
    /// A key picture was asked for and has not come out yet.
    private var isKeyframePending = true

    /// Opens an encoder.
    package init(settings: VideoEncoderSettings) throws(CodecError) {
        self.settings = settings
        sizes = Self.sizes(of: settings)
        context = .allocate(capacity: 1)
        context.initialize(to: vpx_codec_ctx_t())
        try open()
    }

    /// The sizes a picture of this size is encoded in, the smallest first.
    package static func sizes(width: Int, height: Int, isScreen: Bool) -> [(width: Int, height: Int)] {
        VP9Sizes(width: width & ~1, height: height & ~1, isScreen: isScreen).sizes
    }

    /// The part of the bitrate that one of `count` sizes gets.
    package static func share(ofSize index: Int, of count: Int) -> Double {
        VP9Sizes.share(ofSize: index, of: count)
    }

    /// The part of the bitrate that the `count` smallest sizes of a picture get together.
    package static func share(ofLowest count: Int, width: Int, height: Int) -> Double {
        let all = sizes(width: width, height: height, isScreen: false).count
        return (0..<max(0, min(count, all))).reduce(0) { $0 + VP9Sizes.share(ofSize: $1, of: all) }
    }

    private static func sizes(of settings: VideoEncoderSettings) -> VP9Sizes {
        VP9Sizes(width: settings.width & ~1, height: settings.height & ~1, isScreen: settings.isScreen)
    }

    deinit {
        close()
        context.deallocate()
    }

    /// Encodes one picture in all its sizes; `nil` when rate control dropped it.
    package func encode(
        _ frame: VideoFrame, timestamp: UInt32, isKeyframeForced: Bool = false
    ) throws(CodecError) -> EncodedFrame? {
        if !isOpen || frame.width != settings.width || frame.height != settings.height {
            settings.width = frame.width
            settings.height = frame.height
            try open()
        }
        isKeyframePending = isKeyframePending || isKeyframeForced
        let place = pattern.place(isKeyframe: isKeyframePending)
        setPlace(place, of: context, sizes: sizes.sizes.count)
        let flags = isKeyframePending ? Int(VPX_EFLAG_FORCE_KF) : 0
        let status = submit(
            frame, to: context, at: clock.advance(to: timestamp),
            duration: UInt(max(1, 90_000 / settings.framesPerSecond)), flags: flags, isEven: true)
        guard status == VPX_CODEC_OK else { throw .encodingFailed(code: Int32(status.rawValue)) }
        guard let bytes = nextSuperframe(from: context) else { return nil }
        guard let parts = VP9Superframe.parts(of: bytes), parts.count <= sizes.sizes.count else {
            throw .encodingFailed(code: 0)
        }
        let isKeyframe = isKeyframePending
        isKeyframePending = false
        pattern.advance(isKeyframe: isKeyframe)
        return EncodedFrame(
            codec: .vp9, bytes: bytes, isKeyframe: isKeyframe, timestamp: timestamp,
            captureTime: frame.captureTime, layers: layers(parts, at: place))
    }

    private func layers(_ parts: [Range<Int>], at place: VP9LayerPattern.Place) -> FrameLayers {
        let isKeyframe = place.source == nil
        var layers = place.layers
        layers.spatial = parts.enumerated().map { index, range in
            SpatialLayer(
                range: range, width: sizes.sizes[index].width, height: sizes.sizes[index].height,
                isInterPicture: !isKeyframe, dependsOnLowerLayer: isKeyframe && index > 0,
                isReferencedByUpperLayer: isKeyframe && index + 1 < parts.count)
        }
        return layers
    }

    /// Changes rate and pictures per second from the next picture on. A size that the rate suffices for again begins
    /// with a key picture.
    package func set(bitrate: Bitrate, framesPerSecond: Int? = nil) throws(CodecError) {
        var next = settings
        next.bitrate = bitrate
        next.framesPerSecond = framesPerSecond ?? next.framesPerSecond
        guard next.isValid else { throw .invalidSettings("\(next)") }
        settings = next
        try applyRates()
    }

    /// Says how many of the sizes somebody watches; one that comes back begins with a key picture.
    package func set(spatialLayers: Int) throws(CodecError) {
        guard watchedSizes != spatialLayers else { return }
        watchedSizes = spatialLayers
        sizes.watchedCount = spatialLayers
        try applyRates()
    }

    private func applyRates() throws(CodecError) {
        guard isOpen else { return }
        let before = sizes.activeCount
        if sizes.choose(for: settings.bitrate), sizes.activeCount > before { isKeyframePending = true }
        var configuration = try vp9Configuration(for: settings, sizes)
        let status = vpx_codec_enc_config_set(context, &configuration)
        guard status == VPX_CODEC_OK else { throw .encodingFailed(code: Int32(status.rawValue)) }
    }

    /// Tells how long the last `encode` took, so that the effort fits the machine.
    package func report(encodeTime: Duration) {
        if speed.receive(encodeTime: encodeTime, framesPerSecond: settings.framesPerSecond) {
            setScaling(of: context, sizes: sizes.sizes.count, speed: speed.speed)
        }
    }

    private func open() throws(CodecError) {
        guard settings.isValid, settings.width > 1, settings.height > 1 else {
            throw .invalidSettings("\(settings)")
        }
        close()
        sizes = Self.sizes(of: settings)
        sizes.watchedCount = watchedSizes
        _ = sizes.choose(for: settings.bitrate)
        var configuration = try vp9Configuration(for: settings, sizes)
        let status = cvpx_open_vp9(context, &configuration)
        guard status == VPX_CODEC_OK else {
            throw .unavailable(codec: "vp9", code: Int32(status.rawValue))
        }
        isOpen = true
        isKeyframePending = true
        pattern = VP9LayerPattern()
        configure(context, isScreen: settings.isScreen)
        setScaling(of: context, sizes: sizes.sizes.count, speed: speed.speed)
    }

    private func close() {
        if isOpen { vpx_codec_destroy(context) }
        isOpen = false
    }
}
