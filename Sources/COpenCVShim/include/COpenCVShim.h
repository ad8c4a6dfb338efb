#ifndef RK_COPENCVSHIM_H
#define RK_COPENCVSHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// OpenCV and V4L2 as plain C. Pictures are BGR, 8 bits, `stride` bytes a row; no pointer from the caller is
// kept. Functions that return bool or a handle say by false or NULL that they failed and put one line into
// `message`; no C++ exception leaves this module.

#ifdef __cplusplus
extern "C" {
#endif

/// A buffer for one line of text that says why a call failed.
typedef struct {
    char text[256];
} rk_message;

/// A picture that somebody else owns.
typedef struct {
    uint8_t *data;
    int width;
    int height;
    int stride;
} rk_picture;

// Capture: camera and video file. One thread at a time.

/// An open camera or video file.
typedef struct rk_capture rk_capture;

/// Opens a camera by path ("/dev/video0"), asks for Motion JPEG, size and rate, and keeps one frame queued.
rk_capture *rk_camera_open(const char *path, int width, int height, int fps, rk_message *message);
/// Opens a video file.
rk_capture *rk_video_file_open(const char *path, rk_message *message);
/// Size and rate the device or file really has; the rate is 0 when it does not say.
void rk_capture_format(rk_capture *capture, int *width, int *height, double *fps);
/// Waits at most `milliseconds` for a camera's next picture: 1 = there is one, 0 = not yet, -1 = cannot tell,
/// just read.
int rk_capture_wait(rk_capture *capture, int milliseconds);
/// Reads the next picture, valid until the next call. False at the end of a file and when a camera stopped.
bool rk_capture_read(rk_capture *capture, rk_picture *picture);
/// Goes back to the first picture of a file.
bool rk_capture_rewind(rk_capture *capture);
/// Closes the device and frees the handle.
void rk_capture_close(rk_capture *capture);

// Window: the process's main thread only.

/// Whether the calling thread is the first one of the process, where the window system wants to be.
bool rk_is_main_thread(void);
/// Creates a resizable window.
bool rk_window_open(const char *title, int width, int height, rk_message *message);
/// Shows a copy of the picture.
bool rk_window_show(const char *title, rk_picture picture);
/// Runs the event loop for at most `milliseconds`; the code of a key, or -1.
int rk_window_poll(int milliseconds);
/// Whether the window is still there (its close button was not pressed). Meaningful after a few polls.
bool rk_window_is_visible(const char *title);
/// Size of the area that shows the picture; false when unknown.
bool rk_window_size(const char *title, int *width, int *height);
/// Switches full screen on or off.
void rk_window_set_fullscreen(const char *title, bool fullscreen);
/// Destroys the window.
void rk_window_close(const char *title);

// Text: after a window exists.

/// One line of rendered text on black.
typedef struct rk_label rk_label;

/// Renders a line of UTF-8 text in the given colour; its size goes to `width` and `height`.
rk_label *rk_label_create(const char *text, int points, bool bold, uint32_t rgb, int *width, int *height);
/// Draws the label with its top left corner at (x, y): what is below is kept to `keep` (0...1), the text
/// added.
void rk_label_draw(const rk_label *label, rk_picture picture, int x, int y, double keep);
/// Frees the label.
void rk_label_free(rk_label *label);

// Files.

/// Writes a picture as PNG or JPEG, by the ending of the path.
bool rk_picture_write(const char *path, rk_picture picture, rk_message *message);

// Video4Linux: what a device node is.

/// Answer of VIDIOC_QUERYCAP.
typedef struct {
    char name[32];
    char bus[32];
    bool captures_video;
} rk_v4l2_device;

/// One size and rate that a camera offers.
typedef struct {
    char pixel_format[5];
    int width;
    int height;
    int fps;
} rk_v4l2_format;

/// Asks a device node what it is; false when it is no V4L2 device or cannot be opened.
bool rk_v4l2_query(const char *path, rk_v4l2_device *device);
/// Writes at most `capacity` formats, highest rate of each size, and returns how many.
int rk_v4l2_formats(const char *path, rk_v4l2_format *formats, int capacity);

#ifdef __cplusplus
}
#endif

#endif
