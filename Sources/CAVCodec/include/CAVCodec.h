// libavcodec and libavutil: their own declarations, and their functions in a table that is filled when first needed.
#pragma once
#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavutil/error.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>

/// What is called in the two libraries.
#define CAVCODEC_FUNCTIONS(FUNCTION)      \
    FUNCTION(av_frame_alloc)              \
    FUNCTION(av_frame_free)               \
    FUNCTION(av_frame_unref)              \
    FUNCTION(av_log_set_level)            \
    FUNCTION(av_new_packet)               \
    FUNCTION(av_opt_set)                  \
    FUNCTION(av_packet_alloc)             \
    FUNCTION(av_packet_free)              \
    FUNCTION(av_packet_unref)             \
    FUNCTION(avcodec_alloc_context3)      \
    FUNCTION(avcodec_find_decoder_by_name) \
    FUNCTION(avcodec_find_encoder_by_name) \
    FUNCTION(avcodec_flush_buffers)       \
    FUNCTION(avcodec_free_context)        \
    FUNCTION(avcodec_open2)               \
    FUNCTION(avcodec_receive_frame)       \
    FUNCTION(avcodec_receive_packet)      \
    FUNCTION(avcodec_send_frame)          \
    FUNCTION(avcodec_send_packet)

/// These functions, each with the type that its header gives it.
typedef struct cavcodec_functions {
#define FUNCTION(name) __typeof__(name) *name;
    CAVCODEC_FUNCTIONS(FUNCTION)
#undef FUNCTION
} cavcodec_functions;

/// The file of the library: its major version is part of the name, as the headers are of that version.
static const char *const cavcodec_file = "libavcodec.so." AV_STRINGIFY(LIBAVCODEC_VERSION_MAJOR);

/// Loads a library with all it needs, for good, and fills the table. NULL = success, else what the loader says, which
/// this thread may read until it loads again. Any thread.
///
/// Not linked: libavcodec brings 70 more libraries along, which cost every call memory and time to start, also one that needs none of them.
const char *cavcodec_load(const char *file, cavcodec_functions *functions);

/// The decoder wants to be drained, or has no picture yet.
static inline int cavcodec_error_again(void) {
    return AVERROR(EAGAIN);
}
