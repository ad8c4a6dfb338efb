#include <opencv2/imgcodecs.hpp>

#include "guard.hpp"

bool rk_picture_write(const char *path, rk_picture picture, rk_message *message) {
    return guarded(false, message, [&] {
        begin("imgcodecs");
        if (cv::imwrite(path, view(picture))) return true;
        say(message, "the file cannot be written");
        return false;
    });
}
