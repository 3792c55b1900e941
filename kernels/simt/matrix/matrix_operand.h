// The operands of wgmma as values (PTX ISA, "Asynchronous Warpgroup Level Matrix Instructions":
// "Shared memory matrix layout", "Strides", "Matrix descriptor format", "Register fragments").
// Runtime only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/simt/api/source_site.h"

namespace packproof::simt::detail {

enum class MatrixFormat : unsigned char { kBf16, kFp16, kTf32 };

constexpr uint32_t element_bytes(MatrixFormat format) {
  return format == MatrixFormat::kTf32 ? 4 : 2;
}
// A product takes 32 bytes along K: 16 elements, or 8 of tf32.
constexpr uint32_t depth_of(MatrixFormat format) { return 32 / element_bytes(format); }

// The fields of a 64-bit matrix descriptor, in bytes.
struct MatrixDescriptor {
  explicit MatrixDescriptor(uint64_t bits);

  uint32_t start;          // in the shared window
  uint32_t leading_bytes;  // LBO
  uint32_t stride_bytes;   // SBO
  uint32_t base_offset;    // of the swizzle's pattern: its address, bits 7 to 9
  uint32_t swizzle_bytes;  // 0 for none
};

// An operand in shared memory: rows of M or N, and K. `is_mn_major`: chunks of 16 bytes run along
// M or N, else along K.
struct SharedOperand {
  MatrixDescriptor descriptor;
  MatrixFormat format;
  bool is_mn_major;

  // Ends the process when the descriptor is none that the canonical layouts allow.
  void check(const char* name, const SourceSite& site) const;
  // The address, in the shared window, of the 16 bytes that hold element (row, k) and those after
  // it, along K or (MN-major) along the rows; that coordinate is a multiple of their number.
  uint32_t chunk_address(uint32_t row, uint32_t k) const;
};

// Converts `count` elements of the format.
void to_floats(MatrixFormat format, const void* elements, uint32_t count, float* values);

// Element i of the lane's A fragment of four registers lies at (row, k) of its warp's 16 rows.
struct FragmentPlace {
  uint32_t row, k;
};
FragmentPlace a_fragment_place(MatrixFormat format, uint32_t lane, uint32_t i);

}  // namespace packproof::simt::detail
