import CAOM
import MediaCore

/// Real time, constant bitrate, keyframes only on demand, nothing held back.
func av1Configuration(for settings: VideoEncoderSettings) throws(CodecError) -> aom_codec_enc_cfg_t {
    var configuration = aom_codec_enc_cfg_t()
    let status = aom_codec_enc_config_default(
        aom_codec_av1_cx(), &configuration, UInt32(AOM_USAGE_REALTIME))
    guard status == AOM_CODEC_OK else { throw .unavailable(codec: "av1", code: Int32(status.rawValue)) }
    configuration.g_w = UInt32(settings.width)
    configuration.g_h = UInt32(settings.height)
    configuration.g_threads = UInt32(settings.threads)
    configuration.g_timebase = aom_rational(num: 1, den: 90_000)
    configuration.g_error_resilient = 0
    configuration.g_lag_in_frames = 0
    configuration.g_pass = AOM_RC_ONE_PASS
    configuration.kf_mode = AOM_KF_DISABLED
    configuration.rc_end_usage = AOM_CBR
    configuration.rc_target_bitrate = UInt32(max(1, settings.bitrate.kilobitsPerSecond))
    configuration.rc_dropframe_thresh = 30
    configuration.rc_min_quantizer = 2
    configuration.rc_max_quantizer = 63
    configuration.rc_undershoot_pct = 50
    configuration.rc_overshoot_pct = 50
    configuration.rc_buf_sz = 1_000
    configuration.rc_buf_initial_sz = 600
    configuration.rc_buf_optimal_sz = 600
    return configuration
}

/// Switches off what costs more time than it saves bits at these speeds.
func configure(_ context: UnsafeMutablePointer<aom_codec_ctx_t>, _ settings: VideoEncoderSettings) {
    let controls: [(aome_enc_control_id, Int32)] = [
        (AV1E_SET_AQ_MODE, 3), (AOME_SET_MAX_INTRA_BITRATE_PCT, 300),
        (AV1E_SET_TUNE_CONTENT, settings.isScreen ? 1 : 0),
        (AV1E_SET_ENABLE_PALETTE, settings.isScreen ? 1 : 0),
        // Columns of tiles are what threads share; the number is a power of two.
        (AV1E_SET_TILE_COLUMNS, settings.threads > 2 ? 2 : settings.threads > 1 ? 1 : 0),
        (AV1E_SET_ROW_MT, settings.threads > 1 ? 1 : 0),
        (AV1E_SET_COEFF_COST_UPD_FREQ, 3), (AV1E_SET_MODE_COST_UPD_FREQ, 3), (AV1E_SET_MV_COST_UPD_FREQ, 3),
        (AV1E_SET_ENABLE_TPL_MODEL, 0), (AV1E_SET_DELTAQ_MODE, 0), (AV1E_SET_ENABLE_ORDER_HINT, 0),
        (AV1E_SET_ENABLE_OBMC, 0), (AV1E_SET_ENABLE_WARPED_MOTION, 0), (AV1E_SET_ENABLE_GLOBAL_MOTION, 0),
        (AV1E_SET_ENABLE_REF_FRAME_MVS, 0), (AV1E_SET_ENABLE_CFL_INTRA, 0), (AV1E_SET_ENABLE_SMOOTH_INTRA, 0),
        (AV1E_SET_ENABLE_ANGLE_DELTA, 0), (AV1E_SET_ENABLE_FILTER_INTRA, 0),
        (AV1E_SET_INTRA_DEFAULT_TX_ONLY, 1), (AV1E_SET_DISABLE_TRELLIS_QUANT, 1),
        (AV1E_SET_ENABLE_DIST_WTD_COMP, 0), (AV1E_SET_ENABLE_DIFF_WTD_COMP, 0),
        (AV1E_SET_ENABLE_DUAL_FILTER, 0), (AV1E_SET_ENABLE_INTERINTRA_COMP, 0),
        (AV1E_SET_ENABLE_INTERINTRA_WEDGE, 0), (AV1E_SET_ENABLE_INTRA_EDGE_FILTER, 0),
        (AV1E_SET_ENABLE_INTRABC, 0), (AV1E_SET_ENABLE_MASKED_COMP, 0), (AV1E_SET_ENABLE_PAETH_INTRA, 0),
        (AV1E_SET_ENABLE_QM, 0), (AV1E_SET_ENABLE_RECT_PARTITIONS, 0), (AV1E_SET_ENABLE_RESTORATION, 0),
        (AV1E_SET_ENABLE_SMOOTH_INTERINTRA, 0), (AV1E_SET_ENABLE_TX64, 0),
        (AV1E_SET_MAX_REFERENCE_FRAMES, 3), (AV1E_SET_ENABLE_CDEF, 1), (AV1E_SET_NOISE_SENSITIVITY, 0),
    ]
    for (control, value) in controls { _ = caom_set(context, Int32(control.rawValue), value) }
}
