#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/// Heap allocations of the calling thread since it began.
uint64_t allocation_count(void);

/// Whether the calling thread writes a backtrace to standard error for each allocation from now on.
void allocation_trace(bool is_on);

#endif
