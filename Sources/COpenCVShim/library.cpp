#include "library.hpp"

#include <dlfcn.h>

#include <cstddef>
#include <mutex>
#include <opencv2/core/version.hpp>
#include <stdexcept>
#include <string>

extern "C" {

/// Where the trampolines jump, in the order of symbols.h.
extern void *rk_opencv_slots[];

/// Where they jump while the library is not loaded. Hidden and without a frame of its own in between, so that the
/// exception reaches the caller in the shim.
__attribute__((visibility("hidden"))) void rk_opencv_is_missing() {
    throw std::runtime_error("OpenCV is not loaded");
}
}

namespace {

const char *const names[] = {
#define SYMBOL(name) #name,
#include "symbols.h"
#undef SYMBOL
};

/// Debian's name of a library: its version is part of it, as the headers are of that version.
std::string file_name(const char *name) {
    char version[8];
    std::snprintf(version, sizeof version, "%d%02d", CV_VERSION_MAJOR, CV_VERSION_MINOR);
    return std::string("libopencv_") + name + ".so." + version;
}

}  // namespace

void load_library(const char *name) {
    static std::mutex mutex;
    const std::lock_guard<std::mutex> lock(mutex);
    const std::string file = file_name(name);
    if (void *loaded = dlopen(file.c_str(), RTLD_LAZY | RTLD_NOLOAD)) {
        dlclose(loaded);
        return;
    }
    // Global, because parts of Qt are looked up by name.
    void *handle = dlopen(file.c_str(), RTLD_LAZY | RTLD_GLOBAL);
    if (handle == nullptr) throw std::runtime_error(dlerror());
    for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
        if (void *function = dlsym(handle, names[index])) rk_opencv_slots[index] = function;
    }
}
