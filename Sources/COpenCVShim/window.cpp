#include <dlfcn.h>
#include <opencv2/highgui.hpp>
#include <opencv2/highgui/highgui_c.h>
#include <unistd.h>

#include "guard.hpp"

namespace {

/// Qt spends the first Tab on moving the focus to the picture; done here, every Tab reaches the program.
void focus_picture(const char *title) {
    using FocusNext = bool (*)(void *widget, bool forward);
    // QWidget::focusNextPrevChild(bool), absent when highgui is built on another toolkit.
    auto focus_next = reinterpret_cast<FocusNext>(dlsym(RTLD_DEFAULT, "_ZN7QWidget18focusNextPrevChildEb"));
    void *widget = cvGetWindowHandle(title);
    if (focus_next != nullptr && widget != nullptr) focus_next(widget, true);
}

}  // namespace

bool rk_is_main_thread(void) {
    return gettid() == getpid();
}

bool rk_window_open(const char *title, int width, int height, rk_message *message) {
    return guarded(false, message, [&] {
        begin("highgui");
        cv::namedWindow(title, cv::WINDOW_NORMAL | cv::WINDOW_FREERATIO | cv::WINDOW_GUI_NORMAL);
        cv::resizeWindow(title, width, height);
        focus_picture(title);
        return true;
    });
}

bool rk_window_show(const char *title, rk_picture picture) {
    return guarded(false, nullptr, [&] {
        cv::imshow(title, view(picture));
        return true;
    });
}

int rk_window_poll(int milliseconds) {
    return guarded(-1, nullptr, [&] { return cv::waitKeyEx(milliseconds); });
}

bool rk_window_is_visible(const char *title) {
    return guarded(false, nullptr, [&] { return cv::getWindowProperty(title, cv::WND_PROP_VISIBLE) >= 1; });
}

bool rk_window_size(const char *title, int *width, int *height) {
    return guarded(false, nullptr, [&] {
        const cv::Rect area = cv::getWindowImageRect(title);
        *width = area.width;
        *height = area.height;
        return area.width > 0 && area.height > 0;
    });
}

void rk_window_set_fullscreen(const char *title, bool fullscreen) {
    guarded(false, nullptr, [&] {
        const double mode = fullscreen ? cv::WINDOW_FULLSCREEN : cv::WINDOW_NORMAL;
        cv::setWindowProperty(title, cv::WND_PROP_FULLSCREEN, mode);
        return true;
    });
}

void rk_window_close(const char *title) {
    guarded(false, nullptr, [&] {
        cv::destroyWindow(title);
        cv::waitKey(1);
        return true;
    });
}
