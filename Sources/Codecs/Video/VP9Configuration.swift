import CVPX
import MediaCore

/// Real time, constant bitrate, key pictures only on demand, all sizes and temporal layers.
func vp9Configuration(
    for settings: VideoEncoderSettings, _ sizes: VP9Sizes
) throws(CodecError) -> vpx_codec_enc_cfg_t {
    var configuration = vpx_codec_enc_cfg_t()
    let status = vpx_codec_enc_config_default(vpx_codec_vp9_cx(), &configuration, 0)
    guard status == VPX_CODEC_OK else { throw .unavailable(codec: "vp9", code: Int32(status.rawValue)) }
    configuration.g_w = UInt32(settings.width & ~1)
    configuration.g_h = UInt32(settings.height & ~1)
    configuration.g_threads = UInt32(settings.threads)
    configuration.g_timebase = vpx_rational_t(num: 1, den: 90_000)
    // What the arithmetic coder has learnt must not depend on pictures that a receiver may not get.
    configuration.g_error_resilient = UInt32(VPX_ERROR_RESILIENT_DEFAULT)
    configuration.g_lag_in_frames = 0
    configuration.g_pass = VPX_RC_ONE_PASS
    configuration.kf_mode = VPX_KF_DISABLED
    configuration.rc_end_usage = VPX_CBR
    configuration.rc_dropframe_thresh = 30
    configuration.rc_min_quantizer = 2
    configuration.rc_max_quantizer = 63
    configuration.rc_undershoot_pct = 50
    configuration.rc_overshoot_pct = 50
    configuration.rc_buf_sz = 1_000
    configuration.rc_buf_initial_sz = 500
    configuration.rc_buf_optimal_sz = 600
    configuration.rc_resize_allowed = 0
    divide(&configuration, settings.bitrate, among: sizes)
    return configuration
}

/// Divides pictures and bitrate among sizes and temporal layers.
private func divide(_ configuration: inout vpx_codec_enc_cfg_t, _ bitrate: Bitrate, among sizes: VP9Sizes) {
    let shares = sizes.shares(of: bitrate)
    configuration.rc_target_bitrate = UInt32(shares.reduce(0, +))
    configuration.ss_number_layers = UInt32(shares.count)
    configuration.ts_number_layers = UInt32(VP9LayerPattern.layerCount)
    // The references of each picture are set by hand.
    configuration.temporal_layering_mode = Int32(VP9E_TEMPORAL_LAYERING_MODE_BYPASS.rawValue)
    for (index, decimator) in VP9LayerPattern.decimators.enumerated() {
        set(&configuration.ts_rate_decimator, index, decimator)
    }
    for (size, share) in shares.enumerated() {
        set(&configuration.ss_target_bitrate, size, UInt32(share))
        for (layer, part) in VP9LayerPattern.cumulativeShares.enumerated() {
            let rate = UInt32(Double(share) * part)
            set(&configuration.layer_target_bitrate, size * VP9LayerPattern.layerCount + layer, rate)
        }
    }
}

/// Sets what stays as it is while the encoder is open.
func configure(_ context: UnsafeMutablePointer<vpx_codec_ctx_t>, isScreen: Bool) {
    let controls: [(Int32, Int32)] = [
        (Int32(VP9E_SET_SVC.rawValue), 1),
        (Int32(VP9E_SET_AQ_MODE.rawValue), 3),
        (Int32(VP8E_SET_STATIC_THRESHOLD.rawValue), 1),
        (Int32(VP8E_SET_MAX_INTRA_BITRATE_PCT.rawValue), 300),
        (Int32(VP9E_SET_TILE_COLUMNS.rawValue), 0),
        (Int32(VP9E_SET_ROW_MT.rawValue), 0),
        (Int32(VP9E_SET_FRAME_PARALLEL_DECODING.rawValue), 0),
        (Int32(VP9E_SET_NOISE_SENSITIVITY.rawValue), 0),
        (Int32(VP9E_SET_TUNE_CONTENT.rawValue), isScreen ? 1 : 0),
        // Sizes are predicted from one another in key pictures only.
        (Int32(VP9E_SET_SVC_INTER_LAYER_PRED.rawValue), 2),
    ]
    for (control, value) in controls { _ = cvpx_set(context, control, value) }
    var dropping = vpx_svc_frame_drop_t()
    // All sizes of a picture or none, so that every size has the same pictures.
    dropping.framedrop_mode = FULL_SUPERFRAME_DROP
    dropping.max_consec_drop = .max
    for size in 0..<3 { set(&dropping.framedrop_thresh, size, 30 as Int32) }
    _ = cvpx_set_svc_dropping(context, &dropping)
}

/// Sets how each size is made from the largest, and with how much effort: less for the large ones.
func setScaling(of context: UnsafeMutablePointer<vpx_codec_ctx_t>, sizes: Int, speed: Int) {
    var parameters = vpx_svc_extra_cfg_t()
    for size in 0..<sizes {
        set(&parameters.scaling_factor_num, size, 1 as Int32)
        set(&parameters.scaling_factor_den, size, Int32(1) << Int32(sizes - 1 - size))
        set(&parameters.speed_per_layer, size, Int32(size == sizes - 1 ? speed : speed - 1))
        for layer in 0..<VP9LayerPattern.layerCount {
            set(&parameters.max_quantizers, size * VP9LayerPattern.layerCount + layer, 63 as Int32)
            set(&parameters.min_quantizers, size * VP9LayerPattern.layerCount + layer, 2 as Int32)
        }
    }
    parameters.temporal_layering_mode = Int32(VP9E_TEMPORAL_LAYERING_MODE_BYPASS.rawValue)
    _ = cvpx_set_svc_parameters(context, &parameters)
    _ = cvpx_set(context, Int32(VP8E_SET_CPUUSED.rawValue), Int32(speed))
}

/// Says which temporal layer the next picture belongs to, and what its sizes are predicted from.
func setPlace(
    _ place: VP9LayerPattern.Place, of context: UnsafeMutablePointer<vpx_codec_ctx_t>, sizes: Int
) {
    var layer = vpx_svc_layer_id_t()
    var references = vpx_svc_ref_frame_config_t()
    layer.temporal_layer_id = Int32(place.layers.temporalLayer)
    for size in 0..<sizes {
        set(&layer.temporal_layer_id_per_spatial, size, Int32(place.layers.temporalLayer))
        let own = (place.source ?? .base).slot(ofSize: size)
        let below = VP9LayerPattern.Buffer.base.slot(ofSize: max(0, size - 1))
        set(&references.lst_fb_idx, size, own)
        set(&references.gld_fb_idx, size, place.source == nil ? below : own)
        set(&references.alt_fb_idx, size, own)
        set(&references.reference_last, size, Int32(place.source == nil ? 0 : 1))
        set(&references.reference_golden, size, Int32(place.source == nil && size > 0 ? 1 : 0))
        let kept = place.target.map { Int32(1) << $0.slot(ofSize: size) } ?? 0
        set(&references.update_buffer_slot, size, kept)
    }
    _ = cvpx_set_svc_layer(context, &layer)
    _ = cvpx_set_svc_references(context, &references)
}
