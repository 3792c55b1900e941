#include "kernels/device/conformance/atomics_conformance.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "kernels/device/conformance/conformance.h"
#include "kernels/device/conformance/formats.h"

namespace packproof {
namespace {

using conformance::TargetBuffer;

enum class Element { kF32, kBf16, kF16 };

struct FormTraits {
  AtomicForm form;
  const char* name;
  Element element;
  size_t elements;  // in an operand
  bool returns_old;
};
constexpr FormTraits kForms[] = {
    {AtomicForm::kRedF32, "red.f32", Element::kF32, 1, false},
    {AtomicForm::kRedF32Shared, "red.shared.f32", Element::kF32, 1, false},
    {AtomicForm::kRedBf16x2, "red.bf16x2", Element::kBf16, 2, false},
    {AtomicForm::kRedBf16x2Shared, "red.shared.bf16x2", Element::kBf16, 2, false},
    {AtomicForm::kRedF16x2, "red.f16x2", Element::kF16, 2, false},
    {AtomicForm::kRedF16x2Shared, "red.shared.f16x2", Element::kF16, 2, false},
    {AtomicForm::kRedV2F32, "red.v2.f32", Element::kF32, 2, false},
    {AtomicForm::kRedV4F32, "red.v4.f32", Element::kF32, 4, false},
    {AtomicForm::kAtomicF32, "atomicAdd(float)", Element::kF32, 1, true},
    {AtomicForm::kAtomicBf16, "atomicAdd(bf16)", Element::kBf16, 1, true},
    {AtomicForm::kAtomicF16, "atomicAdd(half)", Element::kF16, 1, true},
    {AtomicForm::kAtomicBf16x2, "atomicAdd(bf16x2)", Element::kBf16, 2, true},
    {AtomicForm::kAtomicF16x2, "atomicAdd(half2)", Element::kF16, 2, true},
    {AtomicForm::kAtomicV2F32, "atomicAdd(float2)", Element::kF32, 2, true},
    {AtomicForm::kAtomicV4F32, "atomicAdd(float4)", Element::kF32, 4, true},
};

size_t bytes_of(Element element) { return element == Element::kF32 ? 4 : 2; }

std::uint32_t encode(Element element, float value) {
  switch (element) {
    case Element::kBf16:
      return conformance::bf16_of(value);
    case Element::kF16:
      return conformance::f16_of(value);
    default:
      return std::bit_cast<std::uint32_t>(value);
  }
}

float decode(Element element, std::uint32_t bits) {
  switch (element) {
    case Element::kBf16:
      return conformance::float_of_bf16(static_cast<std::uint16_t>(bits));
    case Element::kF16:
      return conformance::float_of_f16(static_cast<std::uint16_t>(bits));
    default:
      return std::bit_cast<float>(bits);
  }
}

std::vector<unsigned char> encode_all(Element element, const std::vector<float>& values) {
  std::vector<unsigned char> bytes(values.size() * bytes_of(element));
  for (size_t i = 0; i < values.size(); ++i) {
    const std::uint32_t bits = encode(element, values[i]);
    std::memcpy(&bytes[i * bytes_of(element)], &bits, bytes_of(element));
  }
  return bytes;
}

std::vector<float> decode_all(Element element, const std::vector<unsigned char>& bytes) {
  std::vector<float> values;
  for (size_t i = 0; i < bytes.size(); i += bytes_of(element)) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &bytes[i], bytes_of(element));
    values.push_back(decode(element, bits));
  }
  return values;
}

struct Outcome {
  std::vector<float> slots;
  std::vector<float> old;
};

Outcome run(Target target, const FormTraits& traits, int adds, const std::vector<float>& values,
            const std::vector<float>& slots) {
  const TargetBuffer<unsigned char> values_there(target, encode_all(traits.element, values));
  const TargetBuffer<unsigned char> slots_there(target, encode_all(traits.element, slots));
  const TargetBuffer<unsigned char> old_there(target, values_there.size());
  PACKPROOF_LAUNCHER(target, run_atomics)
  ({traits.form, adds, values_there.data(), slots_there.data(), old_there.data()}, nullptr);
  return {decode_all(traits.element, slots_there.read()),
          decode_all(traits.element, old_there.read())};
}

class AtomicAdd : public conformance::ConformanceTest {};
PACKPROOF_CONFORMANCE_SUITE(AtomicAdd);

// Random bits of the format, so NaN, infinities and -0 too, but no subnormal float: a device may
// flush those, depending on where they lie (PTX ISA, "atom").
float random_element(Element element, std::uint64_t word) {
  const float value = decode(element, static_cast<std::uint32_t>(word >> 16));
  return element == Element::kF32 && std::fpclassify(value) == FP_SUBNORMAL ? -0.0f : value;
}

// PTX ISA, "red" and "atom": .add rounds to nearest even, a NaN comes out as a NaN.
// Catches: an element left out or taken twice, wrong rounding, subnormals of 16 bits lost, the new
// value returned as the old one.
TEST_P(AtomicAdd, OneAddIsRoundedOnce) {
  std::uint64_t seed = 1;
  for (const FormTraits& traits : kForms) {
    SCOPED_TRACE(traits.name);
    const Element element = traits.element;
    const size_t count = kAtomicSlots * traits.elements;
    std::vector<float> values;
    std::vector<float> slots;
    std::vector<float> sums;
    for (const std::uint64_t word : conformance::random_words(count, seed++)) {
      values.push_back(random_element(element, word));
      // Close by in half of the cases, so that the sum is not just the larger one.
      const std::uint64_t other = word % 2 == 0 ? word ^ word << 40 : word ^ (word & 15) << 23;
      slots.push_back(random_element(element, other));
      const float sum = slots.back() + values.back();
      const bool flushed = element == Element::kF32 && std::fpclassify(sum) == FP_SUBNORMAL;
      if (flushed) values.back() = 0.0f;
      sums.push_back(decode(element, encode(element, slots.back() + values.back())));
    }
    const Outcome outcome = run(GetParam(), traits, 1, values, slots);
    const std::vector<float> exactly(count, 0.0f);
    conformance::expect_within(outcome.slots, sums, exactly);
    if (traits.returns_old) conformance::expect_within(outcome.old, slots, exactly);
  }
}

// Catches: an update that is lost, or one element of a pair overwritten by the other's update.
TEST_P(AtomicAdd, NoUpdateOfManyIsLost) {
  constexpr int kAdds = 60;
  std::uint64_t seed = 100;
  for (const FormTraits& traits : kForms) {
    SCOPED_TRACE(traits.name);
    const size_t width = kAtomicSlots * traits.elements;
    std::vector<float> values;
    for (const std::uint64_t word : conformance::random_words(width * kAdds, seed++)) {
      values.push_back(static_cast<float>(word % 5));  // sums stay below 256: exact in every format
    }
    const std::vector<float> slots(width, 1.0f);
    std::vector<float> sums = slots;
    for (size_t i = 0; i < values.size(); ++i) {
      const size_t add = i / width;
      const size_t thread = i % width / traits.elements;
      const size_t slot = (thread + add) % kAtomicSlots;
      sums[slot * traits.elements + i % traits.elements] += values[i];
    }
    conformance::expect_within(run(GetParam(), traits, kAdds, values, slots).slots, sums,
                               std::vector<float>(width, 0.0f));
  }
}

}  // namespace
}  // namespace packproof
