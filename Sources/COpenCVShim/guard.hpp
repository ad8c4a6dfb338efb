#pragma once

#include <cstdio>
#include <exception>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>

#include "COpenCVShim.h"
#include "library.hpp"

/// Puts one line into a message that may be NULL.
inline void say(rk_message *message, const char *text) {
    if (message != nullptr) std::snprintf(message->text, sizeof message->text, "%s", text);
}

/// Loads a library and keeps its own lines off stderr: failures are reported by the caller, once, in words for people.
inline void begin(const char *library) {
    load_library(library);
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::redirectError([](int, const char *, const char *, const char *, int, void *) { return 0; });
}

/// Runs `body` and turns every exception into `fallback` and a message: nothing is thrown into Swift.
template <typename Result, typename Body>
Result guarded(Result fallback, rk_message *message, Body body) noexcept {
    try {
        return body();
    } catch (const std::exception &error) {
        say(message, error.what());
    } catch (...) {
        say(message, "unknown failure inside OpenCV");
    }
    return fallback;
}

/// A matrix header over a picture of the caller: no copy.
inline cv::Mat view(const rk_picture &picture) {
    return cv::Mat(picture.height, picture.width, CV_8UC3, picture.data, static_cast<size_t>(picture.stride));
}
