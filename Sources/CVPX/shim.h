// libvpx: what Swift cannot import, that is macros that check the ABI version or the argument's type.
#pragma once
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

static inline vpx_codec_err_t cvpx_open_vp8(vpx_codec_ctx_t *context, const vpx_codec_enc_cfg_t *settings) {
    return vpx_codec_enc_init(context, vpx_codec_vp8_cx(), settings, 0);
}

static inline vpx_codec_err_t cvpx_set_speed(vpx_codec_ctx_t *context, int cpu_used) {
    return vpx_codec_control(context, VP8E_SET_CPUUSED, cpu_used);
}

static inline vpx_codec_err_t cvpx_set_static_threshold(vpx_codec_ctx_t *context, unsigned int threshold) {
    return vpx_codec_control(context, VP8E_SET_STATIC_THRESHOLD, threshold);
}

static inline vpx_codec_err_t cvpx_set_keyframe_limit(vpx_codec_ctx_t *context, unsigned int percent) {
    return vpx_codec_control(context, VP8E_SET_MAX_INTRA_BITRATE_PCT, percent);
}

static inline vpx_codec_err_t cvpx_set_screen_content(vpx_codec_ctx_t *context, unsigned int mode) {
    return vpx_codec_control(context, VP8E_SET_SCREEN_CONTENT_MODE, mode);
}

static inline vpx_codec_err_t cvpx_set_temporal_layer(vpx_codec_ctx_t *context, int layer) {
    return vpx_codec_control(context, VP8E_SET_TEMPORAL_LAYER_ID, layer);
}
