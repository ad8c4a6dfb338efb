#include <memory>
#include <opencv2/videoio.hpp>
#include <vector>

#include "guard.hpp"

struct rk_capture {
    /// One; a list, because that is what can be waited for.
    std::vector<cv::VideoCapture> sources = std::vector<cv::VideoCapture>(1);
    cv::Mat picture;
    bool is_camera = false;
    bool has_started = false;

    cv::VideoCapture &source() { return sources.front(); }
};

rk_capture *rk_camera_open(const char *path, int width, int height, int fps, rk_message *message) {
    return guarded<rk_capture *>(nullptr, message, [&]() -> rk_capture * {
        begin("videoio");
        auto capture = std::make_unique<rk_capture>();
        capture->is_camera = true;
        if (!capture->source().open(path, cv::CAP_V4L2)) {
            say(message, "the device cannot be opened");
            return nullptr;
        }
        // Uncompressed 720p does not fit through USB 2 at 30 fps, and the format has to be set before the
        // size.
        capture->source().set(cv::CAP_PROP_FOURCC, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'));
        capture->source().set(cv::CAP_PROP_FRAME_WIDTH, width);
        capture->source().set(cv::CAP_PROP_FRAME_HEIGHT, height);
        capture->source().set(cv::CAP_PROP_FPS, fps);
        capture->source().set(cv::CAP_PROP_BUFFERSIZE, 1);
        return capture.release();
    });
}

rk_capture *rk_video_file_open(const char *path, rk_message *message) {
    return guarded<rk_capture *>(nullptr, message, [&]() -> rk_capture * {
        begin("videoio");
        auto capture = std::make_unique<rk_capture>();
        if (!capture->source().open(path, cv::CAP_FFMPEG)) {
            say(message, "it is missing or no video file");
            return nullptr;
        }
        return capture.release();
    });
}

void rk_capture_format(rk_capture *capture, int *width, int *height, double *fps) {
    guarded(false, nullptr, [&] {
        *width = static_cast<int>(capture->source().get(cv::CAP_PROP_FRAME_WIDTH));
        *height = static_cast<int>(capture->source().get(cv::CAP_PROP_FRAME_HEIGHT));
        *fps = capture->source().get(cv::CAP_PROP_FPS);
        return true;
    });
}

int rk_capture_wait(rk_capture *capture, int milliseconds) {
    // The stream starts with the first read; before that there is nothing to wait for.
    if (!capture->is_camera || !capture->has_started) return -1;
    return guarded(-1, nullptr, [&] {
        std::vector<int> ready;
        return cv::VideoCapture::waitAny(capture->sources, ready, int64(milliseconds) * 1000000) ? 1 : 0;
    });
}

bool rk_capture_read(rk_capture *capture, rk_picture *picture) {
    return guarded(false, nullptr, [&] {
        if (!capture->source().read(capture->picture)) return false;
        const cv::Mat &image = capture->picture;
        if (image.empty() || image.type() != CV_8UC3) return false;
        capture->has_started = true;
        *picture = {image.data, image.cols, image.rows, static_cast<int>(image.step)};
        return true;
    });
}

bool rk_capture_rewind(rk_capture *capture) {
    return guarded(false, nullptr, [&] { return capture->source().set(cv::CAP_PROP_POS_FRAMES, 0); });
}

void rk_capture_close(rk_capture *capture) {
    guarded(false, nullptr, [&] {
        delete capture;
        return true;
    });
}
