import MediaCore

/// What all video encoders have in common: they follow the size of the pictures, the clock of the stream, the wishes for
/// key pictures and the time they take.
final class RealTimeEncoder<Library: OpenEncoder>: VideoEncoder {
    private(set) var settings: VideoEncoderSettings
    private var open: Library?
    private var speed: EncodeSpeed
    private var clock = PresentationClock()
    /// How many spatial layers somebody watches.
    private var spatialLayers = Int.max
    /// A key picture was asked for and has not come out yet.
    private var isKeyframePending = true

    init(settings: VideoEncoderSettings) throws(CodecError) {
        self.settings = settings
        let speeds = Library.speeds(for: settings)
        speed = EncodeSpeed(thorough: speeds.lowerBound, fastest: speeds.upperBound)
        _ = try reopen()
    }

    func encode(
        _ frame: VideoFrame, timestamp: UInt32, isKeyframeForced: Bool
    ) throws(CodecError) -> EncodedFrame? {
        let open = try encoder(for: frame)
        isKeyframePending = isKeyframePending || isKeyframeForced
        let picture = PictureToEncode(
            frame: frame, time: clock.advance(to: timestamp),
            duration: UInt(max(1, 90_000 / settings.framesPerSecond)), isKeyframe: isKeyframePending)
        guard let encoded = try open.encode(picture) else { return nil }
        if encoded.isKeyframe { isKeyframePending = false }
        return EncodedFrame(
            codec: Library.codec, bytes: encoded.bytes, isKeyframe: encoded.isKeyframe, timestamp: timestamp,
            captureTime: frame.captureTime, layers: encoded.layers)
    }

    func set(bitrate: Bitrate, framesPerSecond: Int?) throws(CodecError) {
        var next = settings
        next.bitrate = bitrate
        next.framesPerSecond = framesPerSecond ?? next.framesPerSecond
        guard next.isValid else { throw .invalidSettings("\(next)") }
        settings = next
        try applySettings()
    }

    func set(spatialLayers: Int) throws(CodecError) {
        guard self.spatialLayers != spatialLayers else { return }
        self.spatialLayers = spatialLayers
        try applySettings()
    }

    func report(encodeTime: Duration) {
        if speed.receive(encodeTime: encodeTime, framesPerSecond: settings.framesPerSecond) {
            open?.set(speed: speed.speed)
        }
    }

    private func applySettings() throws(CodecError) {
        if try open?.set(settings, spatialLayers: spatialLayers) == true { isKeyframePending = true }
    }

    private func encoder(for frame: VideoFrame) throws(CodecError) -> Library {
        if let open, frame.width == settings.width, frame.height == settings.height { return open }
        settings.width = frame.width
        settings.height = frame.height
        return try reopen()
    }

    private func reopen() throws(CodecError) -> Library {
        guard settings.isValid else { throw .invalidSettings("\(settings)") }
        // Closed first: two of them would need the memory of both.
        open = nil
        let next = try Library(settings: settings, speed: speed.speed, spatialLayers: spatialLayers)
        open = next
        isKeyframePending = true
        return next
    }
}
