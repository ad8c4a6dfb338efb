#include <algorithm>
#include <cstring>
#include <opencv2/highgui.hpp>
#include <opencv2/imgproc.hpp>

#include "guard.hpp"

struct rk_label {
    cv::Mat picture;
};

namespace {

const int longest_line = 4096;

/// Draws on an RGB picture: Qt paints in that order, and emoji keep their colours.
void draw(cv::Mat &rgb, const char *text, cv::Point origin, int points, bool bold, cv::Scalar color) {
    const int weight = bold ? cv::QT_FONT_BOLD : cv::QT_FONT_NORMAL;
    cv::addText(rgb, text, origin, cv::fontQt("sans-serif", points, color, weight));
}

/// The smallest rectangle that holds every pixel that is not black.
cv::Rect extent(const cv::Mat &rgb) {
    cv::Mat gray;
    cv::cvtColor(rgb, gray, cv::COLOR_RGB2GRAY);
    return cv::boundingRect(gray);
}

}  // namespace

rk_label *rk_label_create(const char *text, int points, bool bold, uint32_t rgb, int *width, int *height) {
    return guarded<rk_label *>(nullptr, nullptr, [&]() -> rk_label * {
        begin("highgui");
        const int length = static_cast<int>(std::min<size_t>(std::strlen(text), longest_line));
        const cv::Size room(std::min(longest_line, (length + 4) * points * 2), points * 5);
        const cv::Point origin(points, points * 3);
        const cv::Scalar color((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255);

        // A line is at least as high as tall letters with descenders, so that lines keep their distance.
        cv::Mat canvas = cv::Mat::zeros(room, CV_8UC3);
        draw(canvas, "\xC3\x85g", origin, points, bold, cv::Scalar::all(255));
        cv::Rect area = extent(canvas);
        area.x = origin.x;
        area.width = 1;
        canvas.setTo(cv::Scalar::all(0));
        draw(canvas, text, origin, points, bold, color);
        const cv::Rect drawn = extent(canvas);
        if (!drawn.empty()) area |= drawn;

        const int padding = points / 2;
        area += cv::Size(2 * padding, padding);
        area -= cv::Point(padding, padding / 2);
        area &= cv::Rect(cv::Point(), room);
        auto *label = new rk_label;
        cv::cvtColor(canvas(area), label->picture, cv::COLOR_RGB2BGR);
        *width = area.width;
        *height = area.height;
        return label;
    });
}

void rk_label_draw(const rk_label *label, rk_picture picture, int x, int y, double keep) {
    guarded(false, nullptr, [&] {
        cv::Mat canvas = view(picture);
        const cv::Rect place(x, y, label->picture.cols, label->picture.rows);
        const cv::Rect visible = place & cv::Rect(0, 0, canvas.cols, canvas.rows);
        if (visible.empty()) return true;
        cv::Mat target = canvas(visible);
        cv::addWeighted(target, keep, label->picture(visible - place.tl()), 1.0, 0.0, target);
        return true;
    });
}

void rk_label_free(rk_label *label) {
    delete label;
}
