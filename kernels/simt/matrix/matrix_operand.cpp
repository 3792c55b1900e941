#include "kernels/simt/matrix/matrix_operand.h"

#include <bit>
#include <cstring>

#include "kernels/simt/api/runtime_calls.h"
#include "kernels/simt/api/tensor_box.h"

namespace packproof::simt::detail {
namespace {

constexpr uint32_t kChunkBytes = 16;

float bf16_to_float(uint16_t bits) { return std::bit_cast<float>(uint32_t{bits} << 16); }

float fp16_to_float(uint16_t bits) {
  const uint32_t sign = (bits & 0x8000u) << 16;
  const uint32_t magnitude = (bits & 0x7fffu) << 13;
  const bool is_special = (bits & 0x7c00u) == 0x7c00u;  // infinity or NaN
  const uint32_t value = is_special
                             ? magnitude | 0x7f800000u
                             // Exponents differ in bias by 112; exact for subnormals too.
                             : std::bit_cast<uint32_t>(std::bit_cast<float>(magnitude) * 0x1p112f);
  return std::bit_cast<float>(sign | value);
}

// The lower 13 bits of a tf32 are not read.
float tf32_to_float(uint32_t bits) { return std::bit_cast<float>(bits & ~0x1fffu); }

}  // namespace

MatrixDescriptor::MatrixDescriptor(uint64_t bits)
    : start(static_cast<uint32_t>(bits & 0x3fff) << 4),
      leading_bytes(static_cast<uint32_t>(bits >> 16 & 0x3fff) << 4),
      stride_bytes(static_cast<uint32_t>(bits >> 32 & 0x3fff) << 4),
      base_offset(static_cast<uint32_t>(bits >> 49 & 7)) {
  constexpr uint32_t kSwizzleBytes[] = {0, 128, 64, 32};
  swizzle_bytes = kSwizzleBytes[bits >> 62];
}

void SharedOperand::check(const char* name, const SourceSite& site) const {
  if (is_mn_major && format == MatrixFormat::kTf32) {
    fail_thread(site, "wgmma of tf32 with %s MN-major; only K-major exists", name);
  }
  if (descriptor.swizzle_bytes == 0) return;
  // Steps along a swizzled row stay in the pattern's first row; then the start tells where the
  // pattern begins.
  const uint32_t pattern = descriptor.start & ~(descriptor.swizzle_bytes - 1);
  const uint32_t phases = 8 * descriptor.swizzle_bytes / 128 - 1;
  if ((pattern >> 7 & phases) != (descriptor.base_offset & phases) ||
      pattern % 128 / descriptor.swizzle_bytes != 0) {
    fail_thread(site,
                "wgmma with %s at shared address %u, within a pattern of the %u-byte swizzle; it "
                "must start in the first row of one, at a multiple of %u, or name its base offset",
                name, descriptor.start, descriptor.swizzle_bytes, 8 * descriptor.swizzle_bytes);
  }
}

uint32_t SharedOperand::chunk_address(uint32_t row, uint32_t k) const {
  const MatrixDescriptor& d = descriptor;
  const uint32_t per_chunk = kChunkBytes / element_bytes(format);
  const uint32_t row_bytes = d.swizzle_bytes == 0 ? kChunkBytes : d.swizzle_bytes;
  uint32_t offset;
  if (!is_mn_major) {
    const uint32_t chunk = k / per_chunk;
    offset = row % 8 * row_bytes + row / 8 * d.stride_bytes +
             chunk * (d.swizzle_bytes == 0 ? d.leading_bytes : kChunkBytes);
  } else {
    const uint32_t chunk = row / per_chunk;
    const uint32_t per_row = row_bytes / kChunkBytes;
    // Without a swizzle the two strides change their roles.
    const uint32_t along_rows = d.swizzle_bytes == 0 ? d.stride_bytes : d.leading_bytes;
    const uint32_t along_k = d.swizzle_bytes == 0 ? d.leading_bytes : d.stride_bytes;
    offset = chunk % per_row * kChunkBytes + chunk / per_row * along_rows + k % 8 * row_bytes +
             k / 8 * along_k;
  }
  // The address is swizzled, counted from where the pattern begins.
  const uint32_t base = d.swizzle_bytes == 0 ? 0 : d.base_offset << 7;
  return swizzled_address(d.start - base + offset, d.swizzle_bytes) + base;
}

void to_floats(MatrixFormat format, const void* elements, uint32_t count, float* values) {
  if (format == MatrixFormat::kTf32) {
    for (uint32_t i = 0; i < count; ++i) {
      uint32_t bits;
      std::memcpy(&bits, static_cast<const unsigned char*>(elements) + 4 * i, sizeof(bits));
      values[i] = tf32_to_float(bits);
    }
    return;
  }
  for (uint32_t i = 0; i < count; ++i) {
    uint16_t bits;
    std::memcpy(&bits, static_cast<const unsigned char*>(elements) + 2 * i, sizeof(bits));
    values[i] = format == MatrixFormat::kBf16 ? bf16_to_float(bits) : fp16_to_float(bits);
  }
}

FragmentPlace a_fragment_place(MatrixFormat format, uint32_t lane, uint32_t i) {
  const uint32_t per_register = 4 / element_bytes(format);
  const uint32_t in_register = i % per_register;
  const uint32_t index = i / per_register;
  const uint32_t half_depth = depth_of(format) / 2;
  return {lane / 4 + index % 2 * 8, lane % 4 * per_register + in_register + index / 2 * half_depth};
}

}  // namespace packproof::simt::detail
