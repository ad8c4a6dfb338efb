#ifndef RK_CALSA_SHIM_H
#define RK_CALSA_SHIM_H

#include <alsa/asoundlib.h>

// The error handler is variadic, which Swift cannot write: this one drops the library's lines for stderr.
static inline void rk_alsa_ignore_message(
    const char *file, int line, const char *function, int error, const char *format, ...) {
    (void)file, (void)line, (void)function, (void)error, (void)format;
}

static inline void rk_alsa_silence_messages(void) {
    snd_lib_error_set_handler(&rk_alsa_ignore_message);
}

#endif
