// libavcodec, libavutil and libswresample: error codes that are macros.
#pragma once
#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/error.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>

/// The decoder wants to be drained, or has no picture yet.
static inline int cavcodec_error_again(void) {
    return AVERROR(EAGAIN);
}
