// libaom: what Swift cannot import, that is a macro that checks the ABI version and a function with varargs.
#pragma once
#include <aom/aom_encoder.h>
#include <aom/aomcx.h>

static inline aom_codec_err_t caom_open_av1(aom_codec_ctx_t *context, const aom_codec_enc_cfg_t *settings) {
    return aom_codec_enc_init(context, aom_codec_av1_cx(), settings, 0);
}

/// For the controls whose argument is an `int` or an `unsigned int`.
static inline aom_codec_err_t caom_set(aom_codec_ctx_t *context, int control, int value) {
    return aom_codec_control(context, control, value);
}

static inline aom_codec_err_t caom_set_svc_parameters(aom_codec_ctx_t *context, aom_svc_params_t *parameters) {
    return aom_codec_control(context, AV1E_SET_SVC_PARAMS, parameters);
}

static inline aom_codec_err_t caom_set_svc_layer(aom_codec_ctx_t *context, aom_svc_layer_id_t *layer) {
    return aom_codec_control(context, AV1E_SET_SVC_LAYER_ID, layer);
}

static inline aom_codec_err_t caom_set_svc_references(
    aom_codec_ctx_t *context, aom_svc_ref_frame_config_t *references) {
    return aom_codec_control(context, AV1E_SET_SVC_REF_FRAME_CONFIG, references);
}
