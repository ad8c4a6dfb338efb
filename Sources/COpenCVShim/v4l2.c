#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "COpenCVShim.h"

// ioctl is variadic and its request numbers are macros: Swift imports neither.

static int request(int file, unsigned long number, void *argument) {
    int status;
    do {
        status = ioctl(file, number, argument);
    } while (status == -1 && errno == EINTR);
    return status;
}

bool rk_v4l2_query(const char *path, rk_v4l2_device *device) {
    const int file = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return false;
    struct v4l2_capability answer = {0};
    const bool is_device = request(file, VIDIOC_QUERYCAP, &answer) == 0;
    close(file);
    if (!is_device) return false;
    // A driver serves several nodes; only device_caps speaks of this one (metadata nodes do not capture
    // video).
    const bool is_split = (answer.capabilities & V4L2_CAP_DEVICE_CAPS) != 0;
    const unsigned caps = is_split ? answer.device_caps : answer.capabilities;
    snprintf(device->name, sizeof device->name, "%s", (const char *)answer.card);
    snprintf(device->bus, sizeof device->bus, "%s", (const char *)answer.bus_info);
    device->captures_video = (caps & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE)) != 0;
    return true;
}

static int highest_rate(int file, unsigned pixel_format, unsigned width, unsigned height) {
    int best = 0;
    struct v4l2_frmivalenum interval = {.pixel_format = pixel_format, .width = width, .height = height};
    for (; interval.index < 64; interval.index++) {
        if (request(file, VIDIOC_ENUM_FRAMEINTERVALS, &interval) != 0) break;
        const struct v4l2_fract step =
            interval.type == V4L2_FRMIVAL_TYPE_DISCRETE ? interval.discrete : interval.stepwise.min;
        const int rate = step.numerator == 0 ? 0 : (int)(step.denominator / step.numerator);
        if (rate > best) best = rate;
        if (interval.type != V4L2_FRMIVAL_TYPE_DISCRETE) break;
    }
    return best;
}

static int sizes(int file, unsigned pixel_format, rk_v4l2_format *formats, int capacity) {
    int count = 0;
    struct v4l2_frmsizeenum size = {.pixel_format = pixel_format};
    for (; count < capacity && request(file, VIDIOC_ENUM_FRAMESIZES, &size) == 0; size.index++) {
        const bool is_discrete = size.type == V4L2_FRMSIZE_TYPE_DISCRETE;
        rk_v4l2_format *format = &formats[count++];
        memcpy(format->pixel_format, &pixel_format, 4);
        format->pixel_format[4] = 0;
        format->width = (int)(is_discrete ? size.discrete.width : size.stepwise.max_width);
        format->height = (int)(is_discrete ? size.discrete.height : size.stepwise.max_height);
        format->fps = highest_rate(file, pixel_format, (unsigned)format->width, (unsigned)format->height);
        if (!is_discrete) break;
    }
    return count;
}

int rk_v4l2_formats(const char *path, rk_v4l2_format *formats, int capacity) {
    const int file = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return 0;
    int count = 0;
    struct v4l2_fmtdesc format = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
    for (; count < capacity && request(file, VIDIOC_ENUM_FMT, &format) == 0; format.index++) {
        count += sizes(file, format.pixelformat, formats + count, capacity - count);
    }
    close(file);
    return count;
}
