// mma.sync, emulated: see kernels/device/instructions/mma.cuh, which states fragments and order.
// Host only.
#pragma once

#include <cstdint>

#include "kernels/simt/api/source_site.h"

namespace packproof::simt::detail {

// One lane's fragments.
struct MmaArgument {
  float* d;           // [4]; may be c
  const uint32_t* a;  // [4]
  const uint32_t* b;  // [2]
  const float* c;     // [4]
  const SourceSite* site;
};

void multiply_bf16(MmaArgument argument);  // m16n8k16
void multiply_f16(MmaArgument argument);   // m16n8k16
void multiply_tf32(MmaArgument argument);  // m16n8k8

}  // namespace packproof::simt::detail
