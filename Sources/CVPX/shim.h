// libvpx: what Swift cannot import, that is macros that check the ABI version or the argument's type.
#pragma once
#include <vpx/vp8cx.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>
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

static inline vpx_codec_err_t cvpx_open_vp9(vpx_codec_ctx_t *context, const vpx_codec_enc_cfg_t *settings) {
    return vpx_codec_enc_init(context, vpx_codec_vp9_cx(), settings, 0);
}

/// For the controls whose argument is an `int` or an `unsigned int`.
static inline vpx_codec_err_t cvpx_set(vpx_codec_ctx_t *context, int control, int value) {
    return vpx_codec_control_(context, control, value);
}

static inline vpx_codec_err_t cvpx_set_svc_parameters(vpx_codec_ctx_t *context, vpx_svc_extra_cfg_t *parameters) {
    return vpx_codec_control(context, VP9E_SET_SVC_PARAMETERS, parameters);
}

static inline vpx_codec_err_t cvpx_set_svc_layer(vpx_codec_ctx_t *context, vpx_svc_layer_id_t *layer) {
    return vpx_codec_control(context, VP9E_SET_SVC_LAYER_ID, layer);
}

static inline vpx_codec_err_t cvpx_set_svc_references(
    vpx_codec_ctx_t *context, vpx_svc_ref_frame_config_t *references) {
    return vpx_codec_control(context, VP9E_SET_SVC_REF_FRAME_CONFIG, references);
}

static inline vpx_codec_err_t cvpx_set_svc_dropping(vpx_codec_ctx_t *context, vpx_svc_frame_drop_t *dropping) {
    return vpx_codec_control(context, VP9E_SET_SVC_FRAME_DROP_LAYER, dropping);
}

/// One thread, and nothing concealed.
static inline vpx_codec_err_t cvpx_open_vp8_decoder(vpx_codec_ctx_t *context) {
    const vpx_codec_dec_cfg_t settings = {.threads = 1};
    return vpx_codec_dec_init(context, vpx_codec_vp8_dx(), &settings, 0);
}

/// Whether the last picture, or one it is made from, was damaged.
static inline int cvpx_is_damaged(vpx_codec_ctx_t *context) {
    int is_damaged = 0;
    return vpx_codec_control(context, VP8D_GET_FRAME_CORRUPTED, &is_damaged) != VPX_CODEC_OK || is_damaged;
}
