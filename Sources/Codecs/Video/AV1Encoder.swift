import CAOM
package import MediaCore

/// Encodes pictures as AV1 by libaom, in real time, at a constant bitrate and in one layer.
package final class AV1Encoder: VideoEncoder {
    /// What the encoder runs with now.
    package private(set) var settings: VideoEncoderSettings

    /// The range of libaom that keeps up in real time.
    private static let speeds = 9...10

    private let context: UnsafeMutablePointer<aom_codec_ctx_t>
    private var isOpen = false
    private var speed = EncodeSpeed(thorough: speeds.lowerBound, fastest: speeds.upperBound)
    private var clock = PresentationClock()
    /// A keyframe was asked for and has not come out yet.
    private var isKeyframePending = true

    /// Opens an encoder.
    package init(settings: VideoEncoderSettings) throws(CodecError) {
        self.settings = settings
        context = .allocate(capacity: 1)
        context.initialize(to: aom_codec_ctx_t())
        try open()
    }

    deinit {
        close()
        context.deallocate()
    }

    /// Encodes one picture; `nil` when rate control dropped it.
    package func encode(
        _ frame: VideoFrame, timestamp: UInt32, isKeyframeForced: Bool = false
    ) throws(CodecError) -> EncodedFrame? {
        if !isOpen || frame.width != settings.width || frame.height != settings.height {
            settings.width = frame.width
            settings.height = frame.height
            try open()
        }
        isKeyframePending = isKeyframePending || isKeyframeForced
        let status = submit(
            frame, to: context, at: clock.advance(to: timestamp),
            duration: UInt(max(1, 90_000 / settings.framesPerSecond)),
            flags: isKeyframePending ? aom_enc_frame_flags_t(AOM_EFLAG_FORCE_KF) : 0)
        guard status == AOM_CODEC_OK else { throw .encodingFailed(code: Int32(status.rawValue)) }
        guard let (bytes, isKeyframe) = nextUnit(from: context) else { return nil }
        if isKeyframe { isKeyframePending = false }
        return EncodedFrame(
            codec: .av1, bytes: bytes, isKeyframe: isKeyframe, timestamp: timestamp,
            captureTime: frame.captureTime)
    }

    /// Changes rate and pictures per second from the next picture on, without reopening and without a keyframe.
    package func set(bitrate: Bitrate, framesPerSecond: Int? = nil) throws(CodecError) {
        var next = settings
        next.bitrate = bitrate
        next.framesPerSecond = framesPerSecond ?? next.framesPerSecond
        guard next.isValid else { throw .invalidSettings("\(next)") }
        settings = next
        guard isOpen else { return }
        var configuration = try av1Configuration(for: next)
        let status = aom_codec_enc_config_set(context, &configuration)
        guard status == AOM_CODEC_OK else { throw .encodingFailed(code: Int32(status.rawValue)) }
    }

    /// Tells how long the last `encode` took, so that the effort fits the machine.
    package func report(encodeTime: Duration) {
        if speed.receive(encodeTime: encodeTime, framesPerSecond: settings.framesPerSecond) {
            _ = caom_set(context, Int32(AOME_SET_CPUUSED.rawValue), Int32(speed.speed))
        }
    }

    private func open() throws(CodecError) {
        guard settings.isValid else { throw .invalidSettings("\(settings)") }
        close()
        var configuration = try av1Configuration(for: settings)
        let status = caom_open_av1(context, &configuration)
        guard status == AOM_CODEC_OK else {
            throw .unavailable(codec: "av1", code: Int32(status.rawValue))
        }
        isOpen = true
        isKeyframePending = true
        _ = caom_set(context, Int32(AOME_SET_CPUUSED.rawValue), Int32(speed.speed))
        configure(context, settings)
    }

    private func close() {
        if isOpen { aom_codec_destroy(context) }
        isOpen = false
    }
}
