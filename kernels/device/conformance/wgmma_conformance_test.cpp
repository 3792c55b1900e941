#include "kernels/device/conformance/wgmma_conformance.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "kernels/device/conformance/conformance.h"
#include "kernels/device/conformance/formats.h"

namespace packproof {
namespace {

using conformance::TargetBuffer;
using Bytes = std::vector<unsigned char>;

constexpr size_t kM = 64;
constexpr size_t kThreads = 128;

size_t element_bytes(WgmmaForm form) { return form == WgmmaForm::kTf32 ? 4 : 2; }
size_t depth_of(WgmmaForm form) { return 32 / element_bytes(form); }

std::uint32_t encode(WgmmaForm form, float value) {
  switch (form) {
    case WgmmaForm::kBf16:
      return conformance::bf16_of(value);
    case WgmmaForm::kFp16:
      return conformance::f16_of(value);
    default:
      EXPECT_TRUE(conformance::is_tf32(value));
      return std::bit_cast<std::uint32_t>(value);
  }
}

// PTX ISA, "Asynchronous Warpgroup Level Matrix Instructions": "Shared memory matrix layout" and
// "Strides". An operand is made of atoms, eight rows of the swizzle's length; without a swizzle, of
// eight rows of 16 bytes. Within a row chunks of 16 bytes change places as in the figures of
// "Swizzling modes". `along` counts chunks in the direction of a row, `across` counts rows.
size_t chunk_place(const WgmmaOperand& o, size_t along, size_t across) {
  const size_t row = across % 8;
  const size_t atom_across = across / 8;
  if (o.swizzle == 0) {
    // K-major: leading is from one column of chunks to the next, stride from eight rows to the next
    // eight. MN-major: leading is from eight rows to the next eight, stride from chunk to chunk.
    return o.is_mn_major ? o.start + row * 16 + atom_across * o.leading + along * o.stride
                         : o.start + row * 16 + atom_across * o.stride + along * o.leading;
  }
  const size_t row_chunks = o.swizzle / 16;
  const size_t first_chunk = o.start % o.swizzle / 16;  // the operand may start within a row
  const size_t atom = o.start - first_chunk * 16 + atom_across * o.stride +
                      (first_chunk + along) / row_chunks * o.leading;
  const size_t pattern = o.swizzle == 128 ? row : o.swizzle == 64 ? row / 2 : row / 4;
  return atom + row * o.swizzle + ((first_chunk + along) % row_chunks ^ pattern % row_chunks) * 16;
}

// Where element (row of M or N, k) lies.
size_t element_place(WgmmaForm form, const WgmmaOperand& o, size_t row, size_t k) {
  const size_t bytes = element_bytes(form);
  const size_t along = (o.is_mn_major ? row : k) * bytes;
  return chunk_place(o, along / 16, o.is_mn_major ? k : row) + along % 16;
}

struct Problem {
  std::vector<float> a;  // [64][depth]
  std::vector<float> b;  // [columns][depth]
  std::vector<float> c;  // [64][columns]
};

Problem random_problem(WgmmaForm form, size_t columns, int bits, int c_bits, std::uint64_t seed) {
  return {conformance::random_floats(kM * depth_of(form), bits, 3 * seed),
          conformance::random_floats(columns * depth_of(form), bits, 3 * seed + 1),
          conformance::random_floats(kM * columns, c_bits, 3 * seed + 2)};
}

void place_operand(WgmmaForm form, const WgmmaOperand& o, const std::vector<float>& values,
                   Bytes& image) {
  const size_t depth = depth_of(form);
  for (size_t i = 0; i < values.size(); ++i) {
    const std::uint32_t bits = encode(form, values[i]);
    std::memcpy(&image[element_place(form, o, i / depth, i % depth)], &bits, element_bytes(form));
  }
}

// PTX ISA, "Register Fragments": A of m64k16 (m64k8 for tf32), four registers a thread.
std::vector<std::uint32_t> a_fragments(WgmmaForm form, const std::vector<float>& a) {
  const size_t depth = depth_of(form);
  const size_t in_register = 4 / element_bytes(form);
  std::vector<std::uint32_t> fragments(kThreads * 4);
  for (size_t thread = 0; thread < kThreads; ++thread) {
    for (size_t i = 0; i < 4 * in_register; ++i) {
      const size_t r = i / in_register;
      const size_t row = thread / 32 * 16 + thread % 32 / 4 + (r % 2 == 1 ? 8 : 0);
      const size_t k = thread % 4 * in_register + i % in_register + (r < 2 ? 0 : depth / 2);
      fragments[4 * thread + r] |= encode(form, a[row * depth + k]) << (16 * (i % in_register));
    }
  }
  return fragments;
}

// PTX ISA, "Register Fragments": D of m64nN.
size_t place_of_d(size_t columns, size_t thread, size_t i) {
  const size_t row = thread / 32 * 16 + thread % 32 / 4 + (i % 4 < 2 ? 0 : 8);
  return row * columns + i / 4 * 8 + thread % 4 * 2 + i % 2;
}

struct Expected {
  std::vector<float> d;
  std::vector<float> bound;
};

// In the order that wgmma.cuh states for the executor, and how far another order may be off.
Expected definition(WgmmaForm form, size_t columns, bool accumulates, const Problem& problem) {
  const size_t depth = depth_of(form);
  Expected expected;
  for (size_t at = 0; at < kM * columns; ++at) {
    float sum = accumulates ? problem.c[at] : 0.0f;
    double magnitude = std::fabs(sum);
    for (size_t k = 0; k < depth; ++k) {
      const float product =
          problem.a[at / columns * depth + k] * problem.b[at % columns * depth + k];
      sum += product;
      magnitude += std::fabs(product);
    }
    expected.d.push_back(sum);
    expected.bound.push_back(conformance::accumulation_bound(static_cast<int>(depth), magnitude));
  }
  return expected;
}

// Row-major d of one wgmma.
std::vector<float> run(Target target, WgmmaParams p, const Problem& problem) {
  const auto columns = static_cast<size_t>(p.columns);
  // What is not the operands' is NaN.
  Bytes image(static_cast<size_t>(p.image_bytes), 0xff);
  if (p.where_a_is == WgmmaA::kShared) place_operand(p.form, p.a, problem.a, image);
  place_operand(p.form, p.b, problem.b, image);
  std::vector<float> c(kM * columns);
  for (size_t i = 0; i < c.size(); ++i) {
    c[i] = problem.c[place_of_d(columns, i / (columns / 2), i % (columns / 2))];
  }
  const TargetBuffer<unsigned char> image_there(target, image);
  const TargetBuffer<std::uint32_t> a_there(target, a_fragments(p.form, problem.a));
  const TargetBuffer<float> c_there(target, c);
  const TargetBuffer<float> d_there(target, c.size());
  p.image = image_there.data();
  p.a_fragments = a_there.data();
  p.c = c_there.data();
  p.d = d_there.data();
  PACKPROOF_LAUNCHER(target, run_wgmma)(p, nullptr);
  const std::vector<float> registers = d_there.read();
  std::vector<float> d(registers.size());
  for (size_t i = 0; i < d.size(); ++i) {
    d[place_of_d(columns, i / (columns / 2), i % (columns / 2))] = registers[i];
  }
  return d;
}

std::uint32_t word(size_t value) { return static_cast<std::uint32_t>(value); }

// An operand of `rows` x depth that starts at `start`, aligned to 1024, with gaps between its atoms
// where `spread` says so. Sets `end` to where it ends.
WgmmaOperand lay_out(WgmmaForm form, size_t rows, size_t swizzle, bool is_mn_major, size_t start,
                     size_t spread, size_t& end) {
  const size_t depth = depth_of(form);
  const size_t atom = swizzle == 0 ? 128 : 8 * swizzle;
  const size_t gap = spread * atom;
  const size_t row_bytes = swizzle == 0 ? 16 : swizzle;
  const size_t along = (is_mn_major ? rows : depth) * element_bytes(form);
  const size_t atoms_along = (along + row_bytes - 1) / row_bytes;
  const size_t atoms_across = ((is_mn_major ? depth : rows) + 7) / 8;
  WgmmaOperand o{word(start), 0, 0, word(swizzle), is_mn_major};
  const size_t along_step = atom + gap;
  const size_t across_step = atoms_along * along_step + gap;
  if (swizzle == 0 && is_mn_major) {
    o.leading = word(across_step);
    o.stride = word(along_step);
  } else {
    o.leading = word(swizzle != 0 && !is_mn_major ? 16 : along_step);
    o.stride = word(across_step);
  }
  end = (start + atoms_across * across_step + 1023) / 1024 * 1024;
  return o;
}

WgmmaParams params_for(WgmmaForm form, WgmmaA where_a_is, size_t columns, size_t swizzle_a,
                       size_t swizzle_b, bool a_is_mn_major, bool b_is_mn_major, size_t spread) {
  WgmmaParams p{};
  p.form = form;
  p.where_a_is = where_a_is;
  p.columns = static_cast<int>(columns);
  p.accumulates = true;
  size_t end = 0;
  p.a = lay_out(form, kM, swizzle_a, a_is_mn_major, 1024, spread, end);
  p.b = lay_out(form, columns, swizzle_b, b_is_mn_major, end, spread, end);
  EXPECT_LE(end, size_t{kMaxWgmmaImageBytes});
  p.image_bytes = static_cast<int>(end);
  return p;
}

class Wgmma : public conformance::ConformanceTest {
 protected:
  static constexpr WgmmaForm kForms[] = {WgmmaForm::kBf16, WgmmaForm::kFp16, WgmmaForm::kTf32};
  static constexpr size_t kSwizzles[] = {0, 32, 64, 128};

  // Products of multiples of 1/16: exact sums, so that every target has the same bits.
  static void expect_exact(const WgmmaParams& p, std::uint64_t seed) {
    const Problem problem = random_problem(p.form, static_cast<size_t>(p.columns), 4, 8, seed);
    conformance::expect_same_bits(
        run(GetParam(), p, problem),
        definition(p.form, static_cast<size_t>(p.columns), p.accumulates, problem).d);
  }
};
PACKPROOF_CONFORMANCE_SUITE(Wgmma);

// Catches: an N whose registers or operands are mixed up.
TEST_P(Wgmma, EveryN) {
  std::uint64_t seed = 1;
  for (const WgmmaForm form : kForms) {
    for (const WgmmaA where : {WgmmaA::kShared, WgmmaA::kFragment}) {
      for (size_t columns = 8; columns <= 256; columns += 8) {
        SCOPED_TRACE(testing::Message() << "form " << static_cast<int>(form) << " A "
                                        << static_cast<int>(where) << " N " << columns);
        expect_exact(params_for(form, where, columns, 128, 128, false, false, 0), seed++);
      }
    }
  }
}

// Catches: strides, atoms or swizzles mixed up, in either direction.
TEST_P(Wgmma, EveryLayout) {
  std::uint64_t seed = 1000;
  for (const WgmmaForm form : kForms) {
    for (const size_t swizzle_a : kSwizzles) {
      for (const size_t swizzle_b : kSwizzles) {
        for (int majors = 0; majors < (form == WgmmaForm::kTf32 ? 1 : 4); ++majors) {
          const size_t columns = std::array<size_t, 4>{8, 24, 64, 136}[seed % 4];
          SCOPED_TRACE(testing::Message()
                       << "form " << static_cast<int>(form) << " swizzles " << swizzle_a << " "
                       << swizzle_b << " MN-major " << majors << " N " << columns);
          expect_exact(params_for(form, WgmmaA::kShared, columns, swizzle_a, swizzle_b,
                                  (majors & 1) != 0, (majors & 2) != 0, seed % 3),
                       seed);
          ++seed;
        }
      }
    }
  }
}

// Catches: B of a product with A in registers read as the other major; N = 256 MN-major.
TEST_P(Wgmma, FragmentTimesMnMajor) {
  std::uint64_t seed = 2000;
  for (const WgmmaForm form : {WgmmaForm::kBf16, WgmmaForm::kFp16}) {
    for (const size_t swizzle : kSwizzles) {
      expect_exact(params_for(form, WgmmaA::kFragment, 256, 128, swizzle, false, true, 0), seed++);
    }
  }
}

// A step along K is a step of 32 bytes in the swizzled row. Catches: a swizzle that is counted from
// the operand's start.
TEST_P(Wgmma, StepsWithinASwizzledRow) {
  std::uint64_t seed = 3000;
  for (const size_t swizzle : {64u, 128u}) {
    for (size_t step = 1; step < swizzle / 32; ++step) {
      WgmmaParams p =
          params_for(WgmmaForm::kBf16, WgmmaA::kShared, 64, swizzle, swizzle, false, false, 0);
      p.a.start += word(32 * step);
      p.b.start += word(32 * step);
      expect_exact(p, seed++);
    }
  }
}

// Catches: d that is read although it does not count.
TEST_P(Wgmma, WithoutAccumulationDIsNotRead) {
  for (const WgmmaForm form : kForms) {
    WgmmaParams p = params_for(form, WgmmaA::kShared, 16, 128, 128, false, false, 0);
    p.accumulates = false;
    Problem problem = random_problem(form, 16, 4, 8, 4000);
    std::fill(problem.c.begin(), problem.c.end(), std::nanf(""));
    conformance::expect_same_bits(run(GetParam(), p, problem),
                                  definition(form, 16, false, problem).d);
  }
}

// Catches: another order or precision of the executor's sum, a tensor core that is off by more than
// rounding.
TEST_P(Wgmma, RoundsWithinTheBound) {
  std::uint64_t seed = 5000;
  for (const WgmmaForm form : kForms) {
    const int bits = form == WgmmaForm::kBf16 ? 7 : 10;
    for (int repeat = 0; repeat < 4; ++repeat) {
      const WgmmaParams p = params_for(form, WgmmaA::kShared, 64, 128, 128, false, false, 0);
      Problem problem = random_problem(form, 64, bits, 22, seed++);
      for (size_t i = 0; i < problem.a.size(); ++i) {
        problem.a[i] = std::ldexp(problem.a[i], -static_cast<int>(i % 5));
      }
      const Expected expected = definition(form, 64, true, problem);
      const std::vector<float> d = run(GetParam(), p, problem);
      if (GetParam() == Target::cuda) {
        conformance::expect_within(d, expected.d, expected.bound);
      } else {
        conformance::expect_same_bits(d, expected.d);
      }
    }
  }
}

}  // namespace
}  // namespace packproof
