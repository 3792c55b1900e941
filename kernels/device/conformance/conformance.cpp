#include "kernels/device/conformance/conformance.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "kernels/simt/block/sanitizer_support.h"
#include "kernels/simt/block/schedule_random.h"

#if PACKPROOF_HAS_CUDA
#include <cuda_runtime_api.h>
#endif

namespace packproof::conformance {
namespace {

constexpr size_t kGuardBytes = 256;  // the alignment of the buffer too
constexpr int kUnwritten = 0xff;

std::string hex(const void* bytes, size_t count) {
  const auto* byte = static_cast<const unsigned char*>(bytes);
  std::string text = "0x";
  for (size_t i = count; i-- > 0;) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x", byte[i]);
    text += digits;
  }
  return text;
}

#if PACKPROOF_HAS_CUDA

void check_cuda(cudaError_t status, const char* call) {
  if (status == cudaSuccess) return;
  throw std::runtime_error(std::string(call) + ": " + cudaGetErrorString(status));
}
#define PACKPROOF_CHECK_CUDA(call) check_cuda(call, #call)

// What is wrong with the GPU, or null.
const char* lacking_gpu() {
  int count = 0;
  if (cudaGetDeviceCount(&count) != cudaSuccess || count == 0) return "no CUDA device answers";
  int major = 0;
  cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0);
  return major == 9 ? nullptr : "the device is not of compute capability 9.0";
}

unsigned char* allocate_on_gpu(size_t bytes) {
  void* allocation = nullptr;
  PACKPROOF_CHECK_CUDA(cudaMalloc(&allocation, bytes));
  return static_cast<unsigned char*>(allocation);
}

void free_on_gpu(void* allocation) { (void)cudaFree(allocation); }

void copy_on_gpu(void* to, const void* from, size_t bytes) {
  PACKPROOF_CHECK_CUDA(cudaDeviceSynchronize());
  PACKPROOF_CHECK_CUDA(cudaMemcpy(to, from, bytes, cudaMemcpyDefault));
}

#else

const char* lacking_gpu() { return "this program holds no GPU code (PACKPROOF_CUDA is OFF)"; }
unsigned char* allocate_on_gpu(size_t) { throw std::logic_error(lacking_gpu()); }
void free_on_gpu(void*) {}
void copy_on_gpu(void*, const void*, size_t) {}

#endif

}  // namespace

std::vector<Target> conformance_targets() {
  const char* wanted = std::getenv("PACKPROOF_GPU");
  if (wanted == nullptr || std::strcmp(wanted, "1") != 0) return {Target::simt, Target::simt_race};
  if (const char* reason = lacking_gpu()) {
    std::fprintf(stderr,
                 "conformance_test: PACKPROOF_GPU=1, but %s; unset it to test the executor alone\n",
                 reason);
    std::exit(1);
  }
  return {Target::simt, Target::simt_race, Target::cuda};
}

std::string name_of(Target target) { return testing::PrintToString(target); }

TargetMemory::TargetMemory(Target target, size_t bytes) : target_(target), bytes_(bytes) {
  const std::vector<unsigned char> unwritten(bytes + 2 * kGuardBytes, kUnwritten);
  if (target == Target::cuda) {
    allocation_ = allocate_on_gpu(unwritten.size());
    copy_on_gpu(allocation_, unwritten.data(), unwritten.size());
    return;
  }
  const size_t whole = (unwritten.size() + kGuardBytes - 1) / kGuardBytes * kGuardBytes;
  allocation_ = static_cast<unsigned char*>(std::aligned_alloc(kGuardBytes, whole));
  if (allocation_ == nullptr) throw std::runtime_error("out of memory");
  std::memcpy(allocation_, unwritten.data(), unwritten.size());
  simt::detail::forbid_access(allocation_, kGuardBytes);
  simt::detail::forbid_access(allocation_ + kGuardBytes + bytes, kGuardBytes);
}

TargetMemory::~TargetMemory() {
  if (target_ == Target::cuda) {
    free_on_gpu(allocation_);
    return;
  }
  simt::detail::allow_access(allocation_, bytes_ + 2 * kGuardBytes);
  std::free(allocation_);
}

void* TargetMemory::begin() const { return allocation_ + kGuardBytes; }

void TargetMemory::copy_from(const void* host) {
  if (bytes_ == 0) return;
  if (target_ == Target::cuda) {
    copy_on_gpu(begin(), host, bytes_);
  } else {
    std::memcpy(begin(), host, bytes_);
  }
}

void TargetMemory::copy_to(void* host) const {
  std::vector<unsigned char> all(bytes_ + 2 * kGuardBytes, kUnwritten);
  if (target_ == Target::cuda) {
    copy_on_gpu(all.data(), allocation_, all.size());
  } else if (simt::detail::kAsan) {
    std::memcpy(all.data() + kGuardBytes, begin(), bytes_);  // the sanitizer watches the guards
  } else {
    std::memcpy(all.data(), allocation_, all.size());
  }
  const auto is_damaged = [](unsigned char byte) { return byte != kUnwritten; };
  const auto after = all.end() - static_cast<ptrdiff_t>(kGuardBytes);
  if (std::any_of(all.begin(), all.begin() + kGuardBytes, is_damaged)) {
    throw std::runtime_error("a kernel wrote before the begin of its buffer");
  }
  if (std::any_of(after, all.end(), is_damaged)) {
    throw std::runtime_error("a kernel wrote past the end of its buffer");
  }
  if (bytes_ > 0) std::memcpy(host, all.data() + kGuardBytes, bytes_);
}

std::vector<uint64_t> random_words(size_t count, uint64_t seed) {
  simt::detail::ScheduleRandom random(seed, 0);
  std::vector<uint64_t> words(count);
  for (uint64_t& word : words) word = random.next();
  return words;
}

std::vector<float> random_floats(size_t count, int fraction_bits, uint64_t seed) {
  std::vector<float> values;
  for (const uint64_t word : random_words(count, seed)) {
    const auto drawn = static_cast<int64_t>(word >> (63 - fraction_bits));
    values.push_back(std::ldexp(static_cast<float>(drawn), -fraction_bits) - 1.0f);
  }
  return values;
}

void compare_bytes(const void* actual, const void* expected, size_t element_bytes, size_t count) {
  const auto* actual_bytes = static_cast<const unsigned char*>(actual);
  const auto* expected_bytes = static_cast<const unsigned char*>(expected);
  size_t first = count;
  size_t mismatches = 0;
  for (size_t i = 0; i < count; ++i) {
    const size_t at = i * element_bytes;
    if (std::memcmp(actual_bytes + at, expected_bytes + at, element_bytes) == 0) continue;
    if (mismatches++ == 0) first = i;
  }
  if (mismatches == 0) return;
  ADD_FAILURE() << mismatches << " of " << count << " elements differ; the first is element "
                << first << ": " << hex(actual_bytes + first * element_bytes, element_bytes)
                << ", expected " << hex(expected_bytes + first * element_bytes, element_bytes);
}

void expect_within(std::span<const float> actual, std::span<const float> expected,
                   std::span<const float> bound) {
  ASSERT_EQ(actual.size(), expected.size());
  ASSERT_EQ(actual.size(), bound.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    if (actual[i] == expected[i] || (std::isnan(actual[i]) && std::isnan(expected[i]))) continue;
    const float distance = std::fabs(actual[i] - expected[i]);  // NaN or infinite: not within
    if (std::isfinite(distance) && distance <= bound[i]) continue;
    ADD_FAILURE() << "element " << i << " is " << actual[i] << ", expected " << expected[i]
                  << " within " << bound[i];
    return;
  }
}

}  // namespace packproof::conformance
