// cu_seqlens_from_position_ids. Definition, over the flat index space [rows * row_tokens],
// row-major. A pad has position -1. A segment never spans two rows, nor tokens and pads; within a
// row a token opens one when its position is 0 or not its predecessor's + 1. With three mrope
// components, where the tokens of an image share a temporal position: when all three are 0 or the
// temporal one falls. Four components are text positions, judged as plain ones, and three more that
// say nothing about boundaries.
//
// cu_seqlens [rows * row_tokens + 1] is where each segment begins, then the end, repeated to fill
// the table. A run of pads owns no segment, or (pads=segment) one of its own, which max_seqlen and
// valid_tokens do not count.
//
// Supplied boundaries (cu_seq_lens_q), when given, are the answer; position_ids then only tell
// tokens from pads up to its end, and all beyond is pads.
#include <algorithm>
#include <vector>

#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

struct PositionIds {
  Integers ids;  // [components, rows, row_tokens], flattened
  std::int64_t components, rows, row_tokens;

  // Of [rows, row_tokens], or that with components in front.
  explicit PositionIds(const Tensor& tensor)
      : ids(integers_of(tensor)),
        components(tensor.dims.size() == 3 ? tensor.size(0) : 1),
        rows(tensor.size(tensor.dims.size() - 2)),
        row_tokens(tensor.dims.back().size) {}

  std::int64_t tokens() const { return rows * row_tokens; }
  bool is_pad(std::int64_t token) const { return ids(token) == -1; }

  bool opens_segment(std::int64_t token) const {
    if (token % row_tokens == 0) return true;
    if (is_pad(token) != is_pad(token - 1)) return true;
    if (is_pad(token)) return false;
    if (components != 3) return ids(token) == 0 || ids(token) != ids(token - 1) + 1;
    const bool all_zero =
        ids(token) == 0 && ids(tokens() + token) == 0 && ids(2 * tokens() + token) == 0;
    return all_zero || ids(token) < ids(token - 1);
  }
};

struct Segments {
  std::vector<std::int64_t> begins;
  std::int64_t end = 0;

  std::int64_t length(std::size_t s) const {
    return (s + 1 < begins.size() ? begins[s + 1] : end) - begins[s];
  }
};

Segments supplied(const Integers& boundaries) {
  return {.begins = {boundaries.begin(), boundaries.end() - 1},
          .end = boundaries(boundaries.size() - 1)};
}

Segments derived(const PositionIds& in, bool pads_own_segments) {
  Segments segments;
  for (std::int64_t t = 0; t < in.tokens(); ++t) {
    if (!pads_own_segments && in.is_pad(t)) continue;
    if (in.opens_segment(t)) segments.begins.push_back(t);
    segments.end = t + 1;
  }
  return segments;
}

}  // namespace

ReferenceResult cu_seqlens_from_position_ids_reference(const Call& call) {
  const PositionIds in(call.input("position_ids"));
  const bool pads_own_segments = call.the_case->is("pads", "segment");
  Segments segments = call.has_input("cu_seq_lens_q")
                          ? supplied(integers_of(call.input("cu_seq_lens_q")))
                          : derived(in, pads_own_segments);

  std::int64_t max_seqlen = 0, valid_tokens = 0;
  for (std::size_t s = 0; s < segments.begins.size(); ++s) {
    const std::int64_t length = segments.length(s);
    if (length == 0 || in.is_pad(segments.begins[s])) continue;
    max_seqlen = std::max(max_seqlen, length);
    valid_tokens += length;
  }

  if (pads_own_segments && segments.end < in.tokens()) {
    segments.begins.push_back(segments.end);
    segments.end = in.tokens();
  }
  Integers cu_seqlens = Integers::Constant(in.tokens() + 1, segments.end);
  std::copy(segments.begins.begin(), segments.begins.end(), cu_seqlens.data());
  return {exact("cu_seqlens", cu_seqlens), exact("num_segments", std::ssize(segments.begins)),
          exact("max_seqlen", max_seqlen), exact("valid_tokens", valid_tokens)};
}

}  // namespace packproof::reference
