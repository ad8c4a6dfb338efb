// libopus: its settings go through a function with variable arguments, which Swift cannot call.
#pragma once
#include <opus.h>

static inline int copus_set(OpusEncoder *encoder, int request, opus_int32 value) {
    return opus_encoder_ctl(encoder, request, value);
}
