// The fiber back end in x86-64 assembly (System V ABI).
#include "kernels/simt/fibers/fiber_switch.h"

#if defined(__x86_64__) && !defined(PACKPROOF_SIMT_BOOST_FIBERS)

#include <cstddef>

extern "C" {
void packproof_simt_start();
void packproof_simt_enter(void* message) {
  packproof::simt::detail::enter_fiber(*static_cast<packproof::simt::detail::Handover*>(message));
}
}

// exchange_stacks. Only what a callee must keep is saved; nothing here changes the rounding modes.
// %rdi is the handover, which is also handed on, in the same register: see the assertions below.
asm(R"(
    .text
    .p2align 4
    .globl packproof_simt_exchange_stacks
    .hidden packproof_simt_exchange_stacks
    .type packproof_simt_exchange_stacks, @function
packproof_simt_exchange_stacks:
    movq (%rdi), %rax
    movq 8(%rdi), %rcx
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rax)
    movq (%rcx), %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    retq
    .size packproof_simt_exchange_stacks, . - packproof_simt_exchange_stacks

    .globl packproof_simt_start
    .hidden packproof_simt_start
    .type packproof_simt_start, @function
packproof_simt_start:
    .cfi_startproc
    .cfi_undefined %rip
    callq packproof_simt_enter@PLT
    ud2
    .cfi_endproc
    .size packproof_simt_start, . - packproof_simt_start
)");

namespace packproof::simt::detail {

static_assert(offsetof(Handover, from) == 0 && offsetof(Handover, to) == 8 &&
              offsetof(FiberContext, resume_point) == 0);

void* first_resume_point(void* /*bottom*/, void* top) {
  constexpr int kSavedRegisters = 6;
  // The return into packproof_simt_start leaves the stack pointer at `top`: aligned for its call.
  void** frame = static_cast<void**>(top) - (kSavedRegisters + 1);
  for (int i = 0; i < kSavedRegisters; ++i) frame[i] = nullptr;
  frame[kSavedRegisters] = reinterpret_cast<void*>(&packproof_simt_start);
  return frame;
}

}  // namespace packproof::simt::detail

#endif
