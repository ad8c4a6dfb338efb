#include "CAudioProcessingShim.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "webrtc/common.h"
#include "webrtc/modules/audio_processing/include/audio_processing.h"

using webrtc::AudioProcessing;

struct cap_processor {
    std::unique_ptr<AudioProcessing> library;
};

namespace {
using Samples = std::array<float, CAP_PERIOD>;
const webrtc::StreamConfig mono(48000, 1);

void read(const int16_t *period, Samples &samples) {
    for (int i = 0; i < CAP_PERIOD; ++i) samples[i] = period[i] / 32768.0f;
}

void write(const Samples &samples, int16_t *period) {
    for (int i = 0; i < CAP_PERIOD; ++i)
        period[i] = static_cast<int16_t>(std::clamp(std::lrintf(samples[i] * 32768.0f), -32768L, 32767L));
}
}  // namespace

cap_processor *cap_create(void) {
    webrtc::Config config;
    config.Set<webrtc::ExtendedFilter>(new webrtc::ExtendedFilter(true));
    config.Set<webrtc::DelayAgnostic>(new webrtc::DelayAgnostic(true));
    std::unique_ptr<AudioProcessing> library(AudioProcessing::Create(config));
    const auto layout = AudioProcessing::kMono;
    if (!library || library->Initialize(48000, 48000, 48000, layout, layout, layout) != 0) return nullptr;
    library->noise_suppression()->set_level(webrtc::NoiseSuppression::kHigh);
    auto *gain = library->gain_control();
    gain->set_mode(webrtc::GainControl::kAdaptiveDigital);
    gain->set_target_level_dbfs(3);
    gain->set_compression_gain_db(9);
    gain->enable_limiter(true);
    return new cap_processor{std::move(library)};
}

void cap_destroy(cap_processor *processor) {
    delete processor;
}

void cap_configure(cap_processor *processor, bool echo, bool noise, bool gain, bool high_pass) {
    processor->library->echo_cancellation()->Enable(echo);
    processor->library->noise_suppression()->Enable(noise);
    processor->library->gain_control()->Enable(gain);
    processor->library->high_pass_filter()->Enable(high_pass);
}

int cap_capture(cap_processor *processor, int16_t *period, int delay) {
    Samples samples;
    read(period, samples);
    float *channel = samples.data();
    // Required before every call; the value is a hint, so one out of range (a warning) is not a failure.
    processor->library->set_stream_delay_ms(delay);
    const int status = processor->library->ProcessStream(&channel, mono, mono, &channel);
    if (status == 0) write(samples, period);
    return status;
}

int cap_render(cap_processor *processor, const int16_t *period) {
    Samples samples;
    read(period, samples);
    float *channel = samples.data();
    return processor->library->ProcessReverseStream(&channel, mono, mono, &channel);
}
