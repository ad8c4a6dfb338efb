#include "CVPXMemory.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

/// Stands in front of every block.
struct origin {
    void *start;
    /// Of the pages that are the block's own; 0 = it came from malloc.
    size_t mapped;
};

/// What libvpx itself gives for vpx_malloc and vpx_calloc.
static const size_t usual_alignment = 16;

/// From here on zeroed blocks get pages of their own: calloc would clear memory that was used before by writing.
static const size_t large = 128 << 10;

/// Moves past the note of where a block came from, to the next multiple of `alignment`.
static void *place(struct origin origin, size_t alignment) {
    if (alignment < _Alignof(struct origin)) alignment = _Alignof(struct origin);
    uintptr_t first = (uintptr_t)origin.start + sizeof origin;
    struct origin *memory = (struct origin *)((first + alignment - 1) & ~(alignment - 1));
    memory[-1] = origin;
    return memory;
}

/// How much a block needs with its note, wherever it starts; 0 when that is too much to count or `alignment` is none.
static size_t whole(size_t size, size_t alignment) {
    size_t total;
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) return 0;
    if (__builtin_add_overflow(size, alignment, &total)) return 0;
    if (__builtin_add_overflow(total, sizeof(struct origin) + _Alignof(struct origin), &total)) return 0;
    return total;
}

void *vpx_memalign(size_t alignment, size_t size) {
    size_t total = whole(size, alignment);
    void *start = total == 0 ? NULL : malloc(total);
    return start == NULL ? NULL : place((struct origin){.start = start}, alignment);
}

void *vpx_malloc(size_t size) {
    return vpx_memalign(usual_alignment, size);
}

static void *map_zeroed(size_t total) {
    void *start = mmap(NULL, total, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return NULL;
    return place((struct origin){.start = start, .mapped = total}, usual_alignment);
}

void *vpx_calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
    size_t total = whole(bytes, usual_alignment);
    if (total >= large) return map_zeroed(total);
    void *start = total == 0 ? NULL : calloc(1, total);
    return start == NULL ? NULL : place((struct origin){.start = start}, usual_alignment);
}

void vpx_free(void *memory) {
    if (memory == NULL) return;
    struct origin origin = ((struct origin *)memory)[-1];
    if (origin.mapped != 0) {
        munmap(origin.start, origin.mapped);
    } else {
        free(origin.start);
    }
}
