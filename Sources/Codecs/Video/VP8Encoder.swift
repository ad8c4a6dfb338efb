import CVPX
import MediaCore

/// Encodes pictures as VP8 by libvpx, in real time and at a constant bitrate.
final class VP8Encoder: OpenEncoder {
    static let codec = MediaCodec.vp8

    private let context: VPXContext
    /// Temporal layers, if there are several.
    private var pattern: TemporalPattern?

    static func speeds(for settings: VideoEncoderSettings) -> ClosedRange<Int> {
        settings.speed...max(settings.speed, EncodeSpeed.range.upperBound)
    }

    init(settings: VideoEncoderSettings, speed: Int, spatialLayers: Int) throws(CodecError) {
        context = try VPXContext(Self.codec, vp8Configuration(for: settings), by: cvpx_open_vp8)
        pattern = settings.temporalLayers > 1 ? TemporalPattern() : nil
        set(speed: speed)
        _ = cvpx_set_static_threshold(context.pointer, 1)
        _ = cvpx_set_keyframe_limit(context.pointer, 300)
        _ = cvpx_set_screen_content(context.pointer, settings.isScreen ? 1 : 0)
    }

    func encode(_ picture: PictureToEncode) throws(CodecError) -> EncodedPicture? {
        // A key frame goes into every buffer and belongs to the lowest layer.
        let place = picture.isKeyframe ? nil : pattern?.place
        if pattern != nil {
            _ = cvpx_set_temporal_layer(context.pointer, Int32(place?.layers.temporalLayer ?? 0))
        }
        guard var encoded = try context.encode(picture, flags: place?.flags ?? 0) else { return nil }
        encoded.layers = pattern.map { encoded.isKeyframe ? TemporalPattern.keyframe : $0.place.layers }
        pattern?.advance(isKeyframe: encoded.isKeyframe)
        return encoded
    }

    func set(_ settings: VideoEncoderSettings, spatialLayers: Int) throws(CodecError) -> Bool {
        try context.set(vp8Configuration(for: settings))
        return false
    }

    func set(speed: Int) {
        _ = cvpx_set_speed(context.pointer, Int32(-speed))
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
