import CVPX
package import MediaCore

/// Encodes pictures as VP8 by libvpx, in real time and at a constant bitrate.
///
/// One thread only. Pictures leave in order and at once; when the bitrate does not suffice, pictures are
/// dropped. The owner measures each `encode` and reports it, so that the encoder stays within half the
/// frame time.
package final class VP8Encoder: VideoEncoder {
    /// What the encoder runs with now.
    package private(set) var settings: VideoEncoderSettings

    private let context: UnsafeMutablePointer<vpx_codec_ctx_t>
    private var isOpen = false
    private var speed: EncodeSpeed
    private var clock = PresentationClock()
    /// A keyframe was asked for and has not come out yet.
    private var isKeyframePending = true
    /// Temporal layers, if there are several.
    private var pattern: TemporalPattern?

    /// Opens an encoder.
    package init(settings: VideoEncoderSettings) throws(CodecError) {
        self.settings = settings
        speed = EncodeSpeed(thorough: settings.speed)
        context = .allocate(capacity: 1)
        context.initialize(to: vpx_codec_ctx_t())
        try open()
    }

    deinit {
        close()
        context.deallocate()
    }

    /// Encodes one picture; `nil` when rate control dropped it. A picture of another size reopens the
    /// encoder and becomes a keyframe. `timestamp` is the RTP timestamp.
    package func encode(
        _ frame: VideoFrame, timestamp: UInt32, isKeyframeForced: Bool = false
    ) throws(CodecError) -> EncodedFrame? {
        if !isOpen || frame.width != settings.width || frame.height != settings.height {
            settings.width = frame.width
            settings.height = frame.height
            try open()
        }
        isKeyframePending = isKeyframePending || isKeyframeForced
        let time = clock.advance(to: timestamp)
        let duration = UInt(max(1, 90_000 / settings.framesPerSecond))
        let flags = beginPicture()
        let status = submit(frame, to: context, at: time, duration: duration, flags: flags)
        guard status == VPX_CODEC_OK else { throw .encodingFailed(code: Int32(status.rawValue)) }
        guard let (bytes, isKeyframe) = nextPacket(from: context) else { return nil }
        if isKeyframe { isKeyframePending = false }
        let layers = pattern.map { isKeyframe ? TemporalPattern.keyframe : $0.place.layers }
        pattern?.advance(isKeyframe: isKeyframe)
        return EncodedFrame(
            codec: .vp8, bytes: bytes, isKeyframe: isKeyframe, timestamp: timestamp,
            captureTime: frame.captureTime, layers: layers)
    }

    /// Puts the next picture into its layer; answers what libvpx is to do with it.
    private func beginPicture() -> Int {
        guard !isKeyframePending else {
            // A key frame goes into every buffer and belongs to the lowest layer.
            if pattern != nil { _ = cvpx_set_temporal_layer(context, 0) }
            return Int(VPX_EFLAG_FORCE_KF)
        }
        guard let place = pattern?.place else { return 0 }
        _ = cvpx_set_temporal_layer(context, Int32(place.layers.temporalLayer))
        return place.flags
    }

    /// Changes rate and pictures per second from the next picture on, without reopening and without a
    /// keyframe.
    package func set(bitrate: Bitrate, framesPerSecond: Int? = nil) throws(CodecError) {
        var next = settings
        next.bitrate = bitrate
        next.framesPerSecond = framesPerSecond ?? next.framesPerSecond
        guard next.isValid else { throw .invalidSettings("\(next)") }
        settings = next
        guard isOpen else { return }
        var configuration = try vp8Configuration(for: next)
        let status = vpx_codec_enc_config_set(context, &configuration)
        guard status == VPX_CODEC_OK else { throw .encodingFailed(code: Int32(status.rawValue)) }
    }

    /// Tells how long the last `encode` took, so that the effort fits the machine.
    package func report(encodeTime: Duration) {
        if speed.receive(encodeTime: encodeTime, framesPerSecond: settings.framesPerSecond) {
            _ = cvpx_set_speed(context, Int32(-speed.speed))
        }
    }

    private func open() throws(CodecError) {
        guard settings.isValid else { throw .invalidSettings("\(settings)") }
        close()
        var configuration = try vp8Configuration(for: settings)
        let status = cvpx_open_vp8(context, &configuration)
        guard status == VPX_CODEC_OK else {
            throw .unavailable(codec: "vp8", code: Int32(status.rawValue))
        }
        isOpen = true
        isKeyframePending = true
        pattern = settings.temporalLayers > 1 ? TemporalPattern() : nil
        _ = cvpx_set_speed(context, Int32(-speed.speed))
        _ = cvpx_set_static_threshold(context, 1)
        _ = cvpx_set_keyframe_limit(context, 300)
        _ = cvpx_set_screen_content(context, settings.isScreen ? 1 : 0)
    }

    private func close() {
        if isOpen { vpx_codec_destroy(context) }
        isOpen = false
    }
}

/// Real time, constant bitrate, keyframes only on demand.
private func vp8Configuration(for settings: VideoEncoderSettings) throws(CodecError) -> vpx_codec_enc_cfg_t {
    var configuration = vpx_codec_enc_cfg_t()
    let status = vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &configuration, 0)
    guard status == VPX_CODEC_OK else { throw .unavailable(codec: "vp8", code: Int32(status.rawValue)) }
    configuration.g_w = UInt32(settings.width)
    configuration.g_h = UInt32(settings.height)
    configuration.g_threads = UInt32(settings.threads)
    configuration.g_timebase = vpx_rational_t(num: 1, den: 90_000)
    // Pictures that may be missing teach the arithmetic coder nothing (see TemporalPattern); all others are
    // needed anyhow, and resilience would only cost bits.
    configuration.g_error_resilient = 0
    configuration.g_lag_in_frames = 0
    configuration.g_pass = VPX_RC_ONE_PASS
    configuration.kf_mode = VPX_KF_DISABLED
    configuration.rc_end_usage = VPX_CBR
    configuration.rc_target_bitrate = UInt32(max(1, settings.bitrate.kilobitsPerSecond))
    configuration.rc_dropframe_thresh = 30
    configuration.rc_min_quantizer = 2
    // The worst quality there is: a hard picture at a low rate otherwise overshoots by half.
    configuration.rc_max_quantizer = 63
    configuration.rc_undershoot_pct = 100
    configuration.rc_overshoot_pct = 15
    configuration.rc_buf_sz = 1_000
    configuration.rc_buf_initial_sz = 500
    configuration.rc_buf_optimal_sz = 600
    if settings.temporalLayers > 1 { divide(&configuration) }
    return configuration
}

/// Divides pictures and bitrate among the temporal layers.
private func divide(_ configuration: inout vpx_codec_enc_cfg_t) {
    configuration.ts_number_layers = UInt32(TemporalPattern.layerCount)
    configuration.ts_periodicity = UInt32(TemporalPattern.layerIDs.count)
    let total = Double(configuration.rc_target_bitrate)
    for (index, share) in TemporalPattern.cumulativeShares.enumerated() {
        set(&configuration.ts_target_bitrate, index, max(1, UInt32(total * share)))
        set(&configuration.ts_rate_decimator, index, TemporalPattern.decimators[index])
    }
    for (index, layer) in TemporalPattern.layerIDs.enumerated() {
        set(&configuration.ts_layer_id, index, layer)
    }
}

/// Copies out what the last `submit` made, if it made a picture.
private func nextPacket(from context: UnsafeMutablePointer<vpx_codec_ctx_t>) -> ([UInt8], isKeyframe: Bool)? {
    var iterator: vpx_codec_iter_t?
    while let packet = vpx_codec_get_cx_data(context, &iterator) {
        guard packet.pointee.kind == VPX_CODEC_CX_FRAME_PKT, let start = packet.pointee.data.frame.buf else {
            continue
        }
        let frame = packet.pointee.data.frame
        let bytes = [UInt8](UnsafeRawBufferPointer(start: start, count: frame.sz))
        return (bytes, frame.flags & UInt32(VPX_FRAME_IS_KEY) != 0)
    }
    return nil
}
