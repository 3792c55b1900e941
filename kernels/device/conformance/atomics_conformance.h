// Kernels of the conformance suite: red.add and atomicAdd of floating point.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

enum class AtomicForm {
  kRedF32,
  kRedF32Shared,
  kRedBf16x2,
  kRedBf16x2Shared,
  kRedF16x2,
  kRedF16x2Shared,
  kRedV2F32,
  kRedV4F32,
  kAtomicF32,
  kAtomicBf16,
  kAtomicF16,
  kAtomicBf16x2,
  kAtomicF16x2,
  kAtomicV2F32,
  kAtomicV4F32,
};

constexpr int kAtomicSlots = 64;

struct AtomicsParams {
  AtomicForm form;
  int adds;            // to each slot
  const void* values;  // [adds][64] operands of the form
  void* slots;         // [64] operands, in and out
  void* old;           // [adds][64] operands: what an atomicAdd returned; not written by a red
};

// A block of 64 threads for each add; the shared forms use one block for all.
PACKPROOF_ON_EVERY_TARGET(void run_atomics(const AtomicsParams& params, Stream stream))

}  // namespace packproof
