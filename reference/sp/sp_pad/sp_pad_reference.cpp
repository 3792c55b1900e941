// sp_pad. Definition: contiguous, pads follow the last token up to a multiple of `world`, as one
// more segment; zigzag, each segment is followed by pads up to a multiple of 2 world. Row
// cu_seqlens_padded[s] + i holds token i of segment s; every other row is a pad, or slack that
// looks like one: zero, in input_ids pad_id, in position_ids -1, in labels -100. Backward drops
// pads.
#include <string>

#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// [segments + 1] -> [segments + 2] (contiguous) or [segments + 1] (zigzag).
Integers padded_boundaries(const Integers& cu_seqlens, const Case& c) {
  const Eigen::Index boundaries = cu_seqlens.size();
  const std::int64_t world = c.integer("sp");
  if (c.is("layout", "contiguous")) {
    Integers padded(boundaries + 1);
    padded.head(boundaries) = cu_seqlens;
    std::int64_t end = cu_seqlens(boundaries - 1);
    while (end % world != 0) ++end;
    padded(boundaries) = end;
    return padded;
  }
  Integers padded = Integers::Zero(boundaries);
  for (Eigen::Index s = 0; s + 1 < boundaries; ++s) {
    std::int64_t length = cu_seqlens(s + 1) - cu_seqlens(s);
    while (length % (2 * world) != 0) ++length;
    padded(s + 1) = padded(s) + length;
  }
  return padded;
}

struct Problem {
  Integers cu_seqlens, padded;

  explicit Problem(const Call& call)
      : cu_seqlens(cu_seqlens_of(call)), padded(padded_boundaries(cu_seqlens, *call.the_case)) {}

  // visit(token, padded row) for each token.
  template <class Visit>
  void for_each_token(Visit visit) const {
    for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
      for (std::int64_t t = cu_seqlens(s); t < cu_seqlens(s + 1); ++t)
        visit(t, padded(s) + t - cu_seqlens(s));
  }
};

ReferenceResult forward(const Call& call, const Problem& p) {
  const std::int64_t rows = call.output("x_padded").size(0);
  // values [total_tokens, columns], `pad` where there is no token.
  const auto pad = [&](TensorName name, const BitRows& values, std::int64_t pad_bits) {
    BitRows padded = BitRows::Constant(rows, values.cols(), static_cast<std::uint64_t>(pad_bits));
    p.for_each_token(
        [&](std::int64_t token, std::int64_t row) { padded.row(row) = values.row(token); });
    return moved(std::string(name.text()) + "_padded", call.input(name).dtype, padded);
  };
  const auto column = [&](TensorName name, std::int64_t pad_bits) {
    const Tensor& values = call.input(name);
    return pad(name, bits_of(values).reshaped<Eigen::RowMajor>(values.size(0), 1), pad_bits);
  };
  return {pad("x", bits_of(call.input("x")), 0),
          column("input_ids", call.the_case->integer("pad_id")),
          column("position_ids", -1),
          column("labels", -100),
          column("weights", 0),
          exact("cu_seqlens_padded", p.padded)};
}

}  // namespace

ReferenceResult sp_pad_reference(const Call& call) {
  const Problem problem(call);
  if (!call.has_output("dx")) return forward(call, problem);
  const BitRows dx_padded = bits_of(call.input("dx_padded"));
  BitRows dx = BitRows::Zero(call.output("dx").size(0), dx_padded.cols());
  problem.for_each_token(
      [&](std::int64_t token, std::int64_t row) { dx.row(token) = dx_padded.row(row); });
  return {moved("dx", call.input("dx_padded").dtype, dx)};
}

}  // namespace packproof::reference
