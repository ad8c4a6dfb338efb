// webrtc-audio-processing 0.3 behind C: one mono 48 kHz processor, 10 ms at a time.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Samples in one call: 10 ms at 48 kHz.
enum { CAP_PERIOD = 480 };

typedef struct cap_processor cap_processor;

/// Makes a processor with everything switched off; NULL when the library refuses.
cap_processor *cap_create(void);
void cap_destroy(cap_processor *processor);

/// Switches the parts on and off; any time, any thread.
void cap_configure(cap_processor *processor, bool echo, bool noise, bool gain, bool high_pass);

/// Cleans one period of the microphone in place; `delay` is render to capture in milliseconds. 0 = success.
int cap_capture(cap_processor *processor, int16_t *period, int delay);

/// Tells what the speaker is about to play. 0 = success.
int cap_render(cap_processor *processor, const int16_t *period);

#ifdef __cplusplus
}
#endif
