// Every constant that decides between right and wrong. Change one only with its reason.
// Frozen after runs of all quick cases on NVIDIA H200s (reports/h200): of right kernels the worst
// unit of each kind came to 0.27 to 0.98 of its limit, half of them to less than 0.3.
//
// For a unit (a segment, a token, a gradient's row, ...) with candidate x, reference r, condition
// magnitude m, and f = r rounded to the output's dtype, all norms being 2-norms over the unit:
//   N      = max(|r|, eta |m|)                             what errors are measured against
//   eta    = max over plain runs of |r_b| / |m_b|, or kEta how much such terms leave
//   E(x)   = |x - r| / N
//   E(f)   = |f - r| / N                                   the floor
//   E(b)   = hypot(max over plain runs of (p |m| / |m_b|), |f - r|) / N        the base
//            with p^2 = |b - r_b|^2 - |f_b - r_b|^2, that run's error beyond its own rounding
//   E(g)   = (what one rounding can reach by chance + kAccumulator |m|) / N    the guard
//   limit  = k max(E(b), E(f), E(g)), and the unit passes when E(x) <= limit.
// For tokens the share p / |m_b| is at least that of the median token: where a token is one number
// (the gradient of a gate), all five plain runs come close by luck for one in some thousands. So is
// it for other units of few elements; of outputs without tokens, that of the median row.
// A plain run has other inputs, so its error is carried over at the scale on which arithmetic
// errs, which is m: at the scale of r a unit of few elements would be judged by whether its
// namesake in another sample happened to cancel (false alarms one way, blindness the other).
#pragma once

#include <cstdint>

#include "cases/core/dtype.h"

namespace packproof::verdict {

// Segments and other large units: hundreds of rounding errors average out, so a correct
// implementation lies within a few percent of the base; 2 allows for one more rounding point.
inline constexpr double kSegmentFactor = 2;
// Boundary windows, first chunks, segments of fewer than kSmallUnit tokens, states, single rows and
// all gradients: few independent errors (what spoils one number of a token, a gate or a norm,
// spoils all), or sums taken in another order than the baseline's; their error varies more between
// implementations. Of 6,000 random cases two failed by segments of 1 and of 4 tokens, 2.03 and 2.23
// times their base.
inline constexpr double kSmallUnitFactor = 3;
// Tokens: the fewest elements, and so many of them that one in 10^5 lies far out in the tail.
inline constexpr double kTokenFactor = 4;
// A unit of fewer elements, whatever its kind, is judged as a token is: by that factor, and by what
// the median token shows at least. A segment of one token is that token, and of one number (a gate)
// all its plain runs come close by luck: 1 of 1,026 such heads failed. From here on they average
// out: for 16 independent errors twice the largest of five runs is beyond 6 standard deviations.
inline constexpr std::int64_t kSmallUnit = 16;

// Least eta. N divides error and limit alike: it moves no verdict, it only says when a limit counts
// as too wide to be trusted. A fault (a leak, a lost term) is of the size that such terms leave,
// which the plain runs of the unit show, not of what is left where they happen to cancel: a token
// whose q k comes out near 0 is not blind. A unit where they cancel in every run is, down to 2^-10
// of |m|: the best sum in fp32 is off by 2^-24 |m|, so what is beyond that carries 14 sound bits.
inline constexpr double kEta = 0x1p-10;

// A limit that reaches this lets real faults through (a leak across one boundary measured 0.41 on
// its segment and decays within the chunk): no pass is given at or beyond it.
inline constexpr double kWidestLimit = 0.1;

// So many of the tokens (x heads) of an output may pass by such a limit: the segment, segment x
// head and first chunk that they are in answer for them, and those must have trusted limits. An
// output with a scalar a token, such as dbeta in bf16, has one in some thousands.
inline constexpr double kBlindTokens = 0.01;

// A token whose own inputs make it err more than its namesakes in the plain runs do may be beyond
// its limit by this if some token of those is as far off. Of 472 tokens of a gated block with
// integers for inputs, one was 1.02 to 1.08 times its limit off for 4 of 18 seeds; of 238 with
// normal ones 1.05 times, in 1 of some 200 such cases.
inline constexpr double kOddLoad = 1.5;
// A token whose namesakes were all lucky keeps the limit that fifteen further runs give it, or that
// most tokens would beside their own size. At the end of a segment gradients of a gate err 100
// times the median token's share, which is no floor there: of right ones (of 300 seeds of four
// cases, with plain runs drawn again and again) 1 in 1,000 was beyond the limit of five runs, 1 in
// 4,000 by more than 1.5 times, 1 in 10^5 by more than 4; with twenty runs 1 in 30,000 still was,
// with the size as well fewer than 1 in 10^6. Nobody is lucky beyond this.
inline constexpr double kLuckyLoad = 8;
// So many tokens of an output may be odd in either way: one, or this share. So is it with other
// units that are judged as tokens.
inline constexpr double kOddTokens = 0.01;

// Units that lie below the dtype's smallest normal number are lost in its spacing, whoever computes
// them: a gradient in fp16, a state that faded. No limit relative to them means anything, but the
// same limit does in spacings: where an element may be off by so many of them at most, zero and any
// number of the right size are right, and whatever the dtype holds in full is wrong. A token that
// is rounded twice may be off by 4 to 8; 16 are 1/8 of bf16's smallest normal number, 1/64 of
// fp16's.
inline constexpr double kLostSpacings = 16;
constexpr double smallest_normal(DType output) {
  return output == DType::fp16 ? 0x1p-14 : output == DType::fp64 ? 0x1p-1022 : 0x1p-126;
}
constexpr double smallest_spacing(DType output) {
  return smallest_normal(output) * 2 * unit_roundoff(output);
}

// A limit that even zeros would pass: not one token passes by it.
inline constexpr double kAnyValue = 1;

// How many plain runs a base needs: the largest of five is seldom small by luck.
inline constexpr int kPlainRuns = 5;

// Seldom, but there are thousands of units: where the limit that five runs give is too wide to be
// trusted, so many more fives are run, and trust is asked of the limit that the mean of what each
// five showed at most would give. That is what five runs usually show: it takes out their luck,
// leans neither way, and as the first five count too no limit beyond 1 + kFurtherGroups times
// kWidestLimit can come to be trusted. What passes and what fails stays as the first five say.
inline constexpr int kFurtherGroups = 3;

// The chance part of the guard. An error of rounding is uniform within half a spacing h: its
// square has mean h^2/3 and variance 4 h^4/45. The guard takes the mean plus this many standard
// deviations of the unit's sum, at most the sum of h^2, which no rounding exceeds. So one element
// gets its full half spacing even where the reference happens to be representable and E(f) is 0,
// while a large unit gets hardly more than E(f). As sqrt(3) < k, a correctly rounded output
// passes whatever its values are; as 2 <= k, so does a small unit that was rounded twice.
inline constexpr double kChanceDeviations = 4;

// Terms are summed in fp32 at best (fp64 for fp64 outputs), one rounding a term. For terms of
// either sign the partial sums grow as a random walk, which keeps the error of any number of
// terms near this times |m|; sums of one sign err more, and so does the base.
constexpr double accumulator_roundoff(DType output) {
  return output == DType::fp64 ? unit_roundoff(DType::fp64) : unit_roundoff(DType::fp32);
}

// c of the elementwise bound |x - r| <= c u m. 16-bit outputs: one rounding of the result and one
// of an intermediate are at most 2 u m, the fp32 arithmetic in between is negligible; doubled.
inline constexpr double kNarrowElementFactor = 4;
// Outputs as wide as the accumulator: each product, each sum and the activation's exp and division
// (2 ulp each) round at the same u. The widest window has 4 taps: 8 roundings and the activation,
// all on the same side, stay below 16.
inline constexpr double kWideElementFactor = 16;
constexpr double element_factor(DType output) {
  return size_of(output) <= 2 ? kNarrowElementFactor : kWideElementFactor;
}

// Tokens of a chunk in the chunked ops: state enters a segment through its first chunk.
inline constexpr std::int64_t kChunkTokens = 64;

}  // namespace packproof::verdict
