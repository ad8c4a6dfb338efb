#include "CAVCodec.h"

#include <dlfcn.h>

const char *cavcodec_load(const char *file, cavcodec_functions *functions) {
    void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
    if (library == NULL) return dlerror();
    // What belongs to libavutil is found, too: a search goes through the libraries that a library needs.
#define FUNCTION(name) \
    if ((functions->name = (__typeof__(name) *)dlsym(library, #name)) == NULL) return dlerror();
    CAVCODEC_FUNCTIONS(FUNCTION)
#undef FUNCTION
    return NULL;
}
