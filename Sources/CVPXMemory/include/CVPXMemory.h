// Where libvpx gets its memory: its own four functions, defined here instead.
#pragma once
#include <stddef.h>

/// Returns memory that starts at a multiple of `alignment`, a power of two; NULL when there is none. Any thread.
void *vpx_memalign(size_t alignment, size_t size);

/// Returns memory for anything that has no wish for alignment of its own.
void *vpx_malloc(size_t size);

/// Returns zeroed memory, of which a large block takes up room only where something has been written.
///
/// libvpx zeroes it by writing, also the room for the most tokens that a picture could ever have: 28 MiB for the three
/// sizes of a 720p stream, of which pictures use few.
void *vpx_calloc(size_t count, size_t size);

/// Gives back what one of the functions above returned.
void vpx_free(void *memory);
