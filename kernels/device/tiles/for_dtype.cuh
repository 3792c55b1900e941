// From the dtype of a call to the type that a kernel is compiled for.
#pragma once

#include "cases/core/dtype.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// Calls launch.template operator()<T>() with the type of bf16, fp16 or fp32.
template <class Launch>
void for_dtype(DType dtype, const Launch& launch) {
  switch (dtype) {
    case DType::bf16:
      return launch.template operator()<__nv_bfloat16>();
    case DType::fp16:
      return launch.template operator()<__half>();
    default:
      return launch.template operator()<float>();
  }
}

}  // namespace packproof::PACKPROOF_KERNELS
