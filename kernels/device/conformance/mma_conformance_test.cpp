#include "kernels/device/conformance/mma_conformance.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "kernels/device/conformance/conformance.h"
#include "kernels/device/conformance/formats.h"

namespace packproof {
namespace {

using conformance::TargetBuffer;

constexpr size_t kM = 16;
constexpr size_t kN = 8;

constexpr bool is_tf32(MmaForm form) { return form == MmaForm::kM16n8k8Tf32; }
constexpr size_t depth(MmaForm form) { return is_tf32(form) ? 8 : 16; }
constexpr int significant_bits(MmaForm form) { return form == MmaForm::kM16n8k16Bf16 ? 8 : 11; }

std::uint32_t encode(MmaForm form, float value) {
  switch (form) {
    case MmaForm::kM16n8k16Bf16:
      return conformance::bf16_of(value);
    case MmaForm::kM16n8k16F16:
      return conformance::f16_of(value);
    default:
      EXPECT_TRUE(conformance::is_tf32(value));  // what other bits would do is undefined
      return std::bit_cast<std::uint32_t>(value);
  }
}

struct Place {
  size_t row;
  size_t column;
};

// PTX ISA, "Matrix fragments for mma.m16n8k16 with floating point type" and "... mma.m16n8k8": the
// formulas for row and column of element i of a lane's fragment.
Place place_of_a(MmaForm form, size_t lane, size_t i) {
  const size_t group = lane >> 2;
  const size_t thread = lane % 4;
  if (is_tf32(form)) {
    return {i == 0 || i == 2 ? group : group + 8, i == 0 || i == 1 ? thread : thread + 4};
  }
  const bool upper = i < 2 || (i >= 4 && i < 6);
  return {upper ? group : group + 8, thread * 2 + (i & 1) + (i < 4 ? 0 : 8)};
}
Place place_of_b(MmaForm form, size_t lane, size_t i) {
  const size_t group = lane >> 2;
  const size_t thread = lane % 4;
  if (is_tf32(form)) return {i == 0 ? thread : thread + 4, group};
  return {thread * 2 + (i & 1) + (i < 2 ? 0 : 8), group};
}
Place place_of_c(size_t lane, size_t i) {
  return {i < 2 ? lane >> 2 : (lane >> 2) + 8, lane % 4 * 2 + (i & 1)};
}

// Row-major matrices of one problem.
struct Problem {
  std::vector<float> a;  // [16][k]
  std::vector<float> b;  // [k][8]
  std::vector<float> c;  // [16][8]
};

Problem random_problem(MmaForm form, std::uint64_t seed) {
  const int bits = significant_bits(form);
  return {conformance::random_floats(kM * depth(form), bits, 3 * seed),
          conformance::random_floats(depth(form) * kN, bits, 3 * seed + 1),
          conformance::random_floats(kM * kN, 20, 3 * seed + 2)};
}

// Runs all problems in one launch; returns D of each, row-major.
std::vector<float> run(Target target, MmaForm form, const std::vector<Problem>& problems) {
  const size_t per_register = is_tf32(form) ? 1 : 2;
  const size_t k = depth(form);
  std::vector<std::uint32_t> a(problems.size() * 128);
  std::vector<std::uint32_t> b(problems.size() * 64);
  std::vector<float> c;
  for (size_t p = 0; p < problems.size(); ++p) {
    for (size_t lane = 0; lane < 32; ++lane) {
      for (size_t i = 0; i < 4 * per_register; ++i) {
        const Place at = place_of_a(form, lane, i);
        a[(p * 32 + lane) * 4 + i / per_register] |=
            encode(form, problems[p].a[at.row * k + at.column]) << (i % per_register * 16);
      }
      for (size_t i = 0; i < 2 * per_register; ++i) {
        const Place at = place_of_b(form, lane, i);
        b[(p * 32 + lane) * 2 + i / per_register] |=
            encode(form, problems[p].b[at.row * kN + at.column]) << (i % per_register * 16);
      }
      for (size_t i = 0; i < 4; ++i) {
        const Place at = place_of_c(lane, i);
        c.push_back(problems[p].c[at.row * kN + at.column]);
      }
    }
  }
  const TargetBuffer<std::uint32_t> a_there(target, a);
  const TargetBuffer<std::uint32_t> b_there(target, b);
  const TargetBuffer<float> c_there(target, c);
  const TargetBuffer<float> d_there(target, c.size());
  PACKPROOF_LAUNCHER(target, run_mma)
  ({form, static_cast<int>(problems.size()), a_there.data(), b_there.data(), c_there.data(),
    d_there.data()},
   nullptr);
  const std::vector<float> fragments = d_there.read();
  std::vector<float> d(fragments.size());
  for (size_t i = 0; i < fragments.size(); ++i) {
    const Place at = place_of_c(i / 4 % 32, i % 4);
    d[i / 128 * 128 + at.row * kN + at.column] = fragments[i];
  }
  return d;
}

// The definition, summed in the order that mma.cuh states for the executor, and how far a sum in
// another order may lie from it.
struct Expected {
  std::vector<float> d;
  std::vector<float> bound;
};
Expected definition(MmaForm form, const std::vector<Problem>& problems) {
  Expected expected;
  for (const Problem& problem : problems) {
    for (size_t row = 0; row < kM; ++row) {
      for (size_t column = 0; column < kN; ++column) {
        float sum = problem.c[row * kN + column];
        double magnitude = std::fabs(sum);
        for (size_t k = 0; k < depth(form); ++k) {
          const float product = problem.a[row * depth(form) + k] * problem.b[k * kN + column];
          sum += product;
          magnitude += std::fabs(product);
        }
        expected.d.push_back(sum);
        expected.bound.push_back(
            conformance::accumulation_bound(static_cast<int>(depth(form)), magnitude));
      }
    }
  }
  return expected;
}

class Mma : public conformance::ConformanceTest {
 protected:
  static constexpr MmaForm kForms[] = {MmaForm::kM16n8k16Bf16, MmaForm::kM16n8k16F16,
                                       MmaForm::kM16n8k8Tf32};
};
PACKPROOF_CONFORMANCE_SUITE(Mma);

// Catches: fragments or halves mixed up, another order or precision of the executor's sum, a tensor
// core that is off by more than rounding.
TEST_P(Mma, SumsProductsOfRandomMatrices) {
  for (const MmaForm form : kForms) {
    SCOPED_TRACE(static_cast<int>(form));
    std::vector<Problem> problems;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      problems.push_back(random_problem(form, seed));
      // Magnitudes that differ by problem, and by k within one.
      for (size_t i = 0; i < problems.back().a.size(); ++i) {
        problems.back().a[i] =
            std::ldexp(problems.back().a[i], static_cast<int>(seed % 7) - static_cast<int>(i % 5));
      }
    }
    const Expected expected = definition(form, problems);
    const std::vector<float> d = run(GetParam(), form, problems);
    if (GetParam() == Target::cuda) {
      conformance::expect_within(d, expected.d, expected.bound);
    } else {
      conformance::expect_same_bits(d, expected.d);
    }
  }
}

// Catches: any misplaced element, without rounding to hide it: sums of small integers are exact in
// every order, so that the bits must be the same on every target.
TEST_P(Mma, SumsOfSmallIntegersAreExact) {
  for (const MmaForm form : kForms) {
    SCOPED_TRACE(static_cast<int>(form));
    std::vector<Problem> problems;
    for (std::uint64_t seed = 100; seed < 110; ++seed) {
      problems.push_back(random_problem(form, seed));
      const auto round = [](float& value) { value = std::nearbyint(value * 100.0f) + 0.0f; };
      for (float& value : problems.back().a) round(value);
      for (float& value : problems.back().b) round(value);
      for (float& value : problems.back().c) round(value);
    }
    conformance::expect_same_bits(run(GetParam(), form, problems), definition(form, problems).d);
  }
}

// Catches: NaN or infinity lost, or spread to rows and columns that have none. Subnormal inputs are
// left out: PTX leaves open what becomes of them.
TEST_P(Mma, NanAndInfinityStayInTheirRowsAndColumns) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const MmaForm form : kForms) {
    SCOPED_TRACE(static_cast<int>(form));
    const size_t k = depth(form);
    Problem problem{std::vector<float>(kM * k, 1.0f), std::vector<float>(k * kN, 1.0f),
                    std::vector<float>(kM * kN, -0.0f)};
    problem.a[1 * k + 2] = std::bit_cast<float>(0x7fffe000u);
    problem.a[2 * k + 3] = infinity;
    problem.a[3 * k + 0] = infinity;
    problem.a[3 * k + 1] = -infinity;
    problem.a[4 * k + 5] = -infinity;
    problem.b[5 * kN + 6] = 0.0f;  // times an infinity
    problem.b[4 * kN + 7] = -infinity;
    problem.c[9 * kN + 1] = std::nanf("");
    problem.c[9 * kN + 2] = infinity;
    const Expected expected = definition(form, {problem});
    EXPECT_TRUE(std::isnan(expected.d[4 * kN + 6]));
    conformance::expect_within(run(GetParam(), form, {problem}), expected.d,
                               std::vector<float>(expected.d.size(), 0.0f));
  }
}

}  // namespace
}  // namespace packproof
