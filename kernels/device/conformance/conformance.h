// The conformance suite: one test body for an instruction's wrapper on the host executor, there
// under the race detector, and on the GPU. For each instruction there are
//   <instruction>_conformance.h         launchers, declared with PACKPROOF_ON_EVERY_TARGET
//   <instruction>_conformance.cu        the kernels and launchers; compiled for every target
//   <instruction>_conformance_test.cpp  random data, a plain definition from the PTX ISA (its
//                                       section cited), comparisons
// A test is a TEST_P of a suite that derives from ConformanceTest. On every target its results
// must have the definition's bits, so that the GPU's are the executor's; where PTX leaves the order
// of a sum open, the executor must have the bits of the order that its wrapper states, and the GPU
// be within a bound of them.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

// For GoogleTest.
inline void PrintTo(Target target, std::ostream* out) {
  *out << (target == Target::simt ? "simt" : target == Target::simt_race ? "simt_race" : "cuda");
}

}  // namespace packproof

namespace packproof::conformance {

// Both builds for the executor always; the GPU too when the environment has PACKPROOF_GPU=1. Then a
// build without nvcc's code, or a machine without a device of compute capability 9.0, ends the
// program: a run that was asked to test a GPU must not pass without one.
std::vector<Target> conformance_targets();

std::string name_of(Target target);

class ConformanceTest : public testing::TestWithParam<Target> {};

// Memory of a target between guards. What a kernel does not write stays 0xff bytes: NaN in every
// float format. The guards hold the same, so that reading past the end is seen in results too.
class TargetMemory {
 public:
  // Throws std::runtime_error, as all members do, when CUDA refuses.
  TargetMemory(Target target, size_t bytes);
  ~TargetMemory();
  TargetMemory(const TargetMemory&) = delete;
  TargetMemory& operator=(const TargetMemory&) = delete;

  void* begin() const;
  void copy_from(const void* host);
  // Waits for the target's kernels. Throws when one of them failed, or wrote to a guard.
  void copy_to(void* host) const;

 private:
  Target target_;
  size_t bytes_;
  unsigned char* allocation_ = nullptr;
};

// `count` elements of T in the target's memory, 256-byte aligned.
template <class T>
class TargetBuffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  TargetBuffer(Target target, size_t count) : count_(count), memory_(target, count * sizeof(T)) {}
  TargetBuffer(Target target, const std::vector<T>& contents)
      : TargetBuffer(target, contents.size()) {
    memory_.copy_from(contents.data());
  }

  T* data() const { return static_cast<T*>(memory_.begin()); }
  size_t size() const { return count_; }

  std::vector<T> read() const {
    std::vector<T> contents(count_);
    memory_.copy_to(contents.data());
    return contents;
  }

 private:
  size_t count_;
  TargetMemory memory_;
};

// Random bits, the same on every host.
std::vector<uint64_t> random_words(size_t count, uint64_t seed);
template <class T>
std::vector<T> random_bits(size_t count, uint64_t seed) {
  static_assert(std::is_integral_v<T>);
  std::vector<T> values;
  for (const uint64_t word : random_words(count, seed)) values.push_back(static_cast<T>(word));
  return values;
}

// Multiples of 2^-fraction_bits in [-1, 1): exact in every format with that many bits.
std::vector<float> random_floats(size_t count, int fraction_bits, uint64_t seed);

// Adds a failure that names the first element whose bits differ, and how many do.
template <class T>
void expect_same_bits(const std::vector<T>& actual, const std::vector<T>& expected);

// Adds a failure where |actual - expected| > bound. A NaN is expected as a NaN, whatever its bits;
// an infinity as itself.
void expect_within(std::span<const float> actual, std::span<const float> expected,
                   std::span<const float> bound);

void compare_bytes(const void* actual, const void* expected, size_t element_bytes, size_t count);

template <class T>
void expect_same_bits(const std::vector<T>& actual, const std::vector<T>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  compare_bytes(actual.data(), expected.data(), sizeof(T), actual.size());
}

// How far two sums of the same `terms` products, and of what is added to them, may lie apart when
// each is accumulated in some order with at least single precision and any rounding (PTX ISA, mma:
// "at least single precision ... order, rounding ... unspecified"). Each of the `terms` additions
// keeps at least 24 bits of a partial sum, which never exceeds the sum of magnitudes S by more than
// earlier roundings do: it errs by less than 2^-23 S. Two such sums differ by twice that.
inline float accumulation_bound(int terms, double sum_of_magnitudes) {
  return static_cast<float>(2.0 * terms * 0x1p-23 * 1.0001 * sum_of_magnitudes);
}

}  // namespace packproof::conformance

// Runs the TEST_Ps of `suite` on each target, named <suite>.<test>/simt, /simt_race and /cuda.
#define PACKPROOF_CONFORMANCE_SUITE(suite)                                         \
  INSTANTIATE_TEST_SUITE_P(                                                        \
      , suite, testing::ValuesIn(::packproof::conformance::conformance_targets()), \
      [](const auto& each) { return ::packproof::conformance::name_of(each.param); })
