// Stands in front of the C library's allocator in the program it is linked into, and counts.
#define _GNU_SOURCE
#include "AllocationCounter.h"

#include <errno.h>
#include <execinfo.h>
#include <stddef.h>
#include <unistd.h>

// The allocator itself, as glibc exports it for those that stand in front.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Thread_local uint64_t count;
static _Thread_local bool is_tracing;

static void note(void) {
    count++;
    if (!is_tracing) return;
    // backtrace may allocate by itself.
    is_tracing = false;
    void *frames[24];
    int depth = backtrace(frames, 24);
    backtrace_symbols_fd(frames + 1, depth - 1, STDERR_FILENO);
    (void)!write(STDERR_FILENO, "\n", 1);
    is_tracing = true;
}

uint64_t allocation_count(void) { return count; }

void allocation_trace(bool is_on) { is_tracing = is_on; }

void *malloc(size_t size) {
    note();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    note();
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    note();
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    note();
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : ENOMEM;
}
