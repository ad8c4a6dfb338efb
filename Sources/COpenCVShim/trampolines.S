// One jump for each function of OpenCV: through a slot that `load` fills when the library is first needed. Hidden, so
// that the libraries themselves never come this way.

#if defined(__x86_64__)
#define JUMP(slot) jmp *slot(%rip)
#elif defined(__aarch64__)
#define JUMP(slot) adrp x16, slot ; ldr x16, [x16, :lo12:slot] ; br x16
#else
#error "a jump through a slot is written for x86-64 and arm64 only"
#endif

        .text
#define SYMBOL(name) \
        .globl name ; .hidden name ; .type name, %function ; \
        name: JUMP(rk_slot_##name) ;
#include "symbols.h"
#undef SYMBOL

        .data
        .p2align 3
        .globl rk_opencv_slots
        .hidden rk_opencv_slots
rk_opencv_slots:
#define SYMBOL(name) rk_slot_##name: .quad rk_opencv_is_missing ;
#include "symbols.h"
#undef SYMBOL

        .section .note.GNU-stack, "", %progbits
