// The fiber back end in x86-64 assembly (System V ABI).
#include "kernels/simt/fiber_switch.h"

#if defined(__x86_64__) && !defined(PACKPROOF_SIMT_BOOST_FIBERS)

#include <cstdint>

extern "C" {
// Saves the running fiber at *save and resumes `target`, whose own call then returns `message`.
void packproof_simt_exchange(void** save, void* target, void* message);
void packproof_simt_start();
void packproof_simt_enter(void* message) {
  packproof::simt::detail::enter_fiber(*static_cast<packproof::simt::detail::Handover*>(message));
}
}

// Only what a callee must keep is saved; nothing here changes the rounding modes.
asm(R"(
    .text
    .p2align 4
    .globl packproof_simt_exchange
    .hidden packproof_simt_exchange
    .type packproof_simt_exchange, @function
packproof_simt_exchange:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    movq %rdx, %rax
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    retq
    .size packproof_simt_exchange, . - packproof_simt_exchange

    .globl packproof_simt_start
    .hidden packproof_simt_start
    .type packproof_simt_start, @function
packproof_simt_start:
    .cfi_startproc
    .cfi_undefined %rip
    movq %rax, %rdi
    callq packproof_simt_enter@PLT
    ud2
    .cfi_endproc
    .size packproof_simt_start, . - packproof_simt_start
)");

namespace packproof::simt::detail {

void* first_resume_point(void* /*bottom*/, void* top) {
  constexpr int kSavedRegisters = 6;
  // The return into packproof_simt_start leaves the stack pointer at `top`: aligned for its call.
  void** frame = static_cast<void**>(top) - (kSavedRegisters + 1);
  for (int i = 0; i < kSavedRegisters; ++i) frame[i] = nullptr;
  frame[kSavedRegisters] = reinterpret_cast<void*>(&packproof_simt_start);
  return frame;
}

void exchange_stacks(Handover& handover) {
  packproof_simt_exchange(&handover.from->resume_point, handover.to->resume_point, &handover);
}

}  // namespace packproof::simt::detail

#endif
