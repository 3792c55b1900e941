// The instructions of a warpgroup, and elect.sync, emulated for the running thread. For the
// wrappers in kernels/device, which say what each does; host only. A fault ends the process with
// `site`.
#pragma once

#include <cstdint>

#include "kernels/simt/api/source_site.h"
#include "kernels/simt/matrix/matrix_operand.h"

namespace packproof::simt::detail {

// Where a matrix starts in the shared window, after a check that a descriptor can say it.
uint32_t matrix_start_address(const void* start, uint32_t leading_bytes, uint32_t stride_bytes,
                              const SourceSite& site);

// d[64][columns] (+)= a[64][depth] b[depth][columns], as one lane issues it.
struct WarpgroupProduct {
  MatrixFormat format;
  uint32_t columns;  // 8 to 256, a multiple of 8
  bool accumulates;
  bool a_in_registers;
  uint64_t a_descriptor;  // 0 in registers
  uint64_t b_descriptor;
  bool a_is_mn_major;
  bool b_is_mn_major;
  const uint32_t* a_fragment;  // [4], or null
  float* accumulators;         // [columns / 2]

  SharedOperand a_operand() const {
    return {MatrixDescriptor(a_descriptor), format, a_is_mn_major};
  }
  SharedOperand b_operand() const {
    return {MatrixDescriptor(b_descriptor), format, b_is_mn_major};
  }
};

void fence_warpgroup(const SourceSite& site);
void issue_warpgroup_product(const WarpgroupProduct& product, const SourceSite& site);
void commit_warpgroup_products(const SourceSite& site);
void wait_for_warpgroup_products(uint32_t pending_groups, const SourceSite& site);

// setmaxnreg: `registers` a thread, 24 to 256, a multiple of 8.
void set_register_budget(uint32_t registers, const char* instruction, const SourceSite& site);

// Whether the running lane is the one that elect.sync elects among the mask's.
bool elect_lane(uint32_t mask, const SourceSite& site);

}  // namespace packproof::simt::detail
