#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// [rows, row_tokens] bool: each token against its left neighbour, over whole rows at once. The
// first column has none and always opens.
at::Tensor openings(const at::Tensor& ids, const at::Tensor& pads) {
  const std::int64_t width = pads.size(1);
  const at::Tensor leading = ids[0];
  const at::Tensor step = leading.slice(1, 1) - leading.slice(1, 0, width - 1);
  const at::Tensor inner = ids.size(0) == 3 ? ids.eq(0).all(0).slice(1, 1).logical_or(step < 0)
                                            : leading.eq(0).slice(1, 1).logical_or(step != 1);
  const at::Tensor edge = pads.slice(1, 1) != pads.slice(1, 0, width - 1);
  return at::constant_pad_nd(edge.logical_or(inner.logical_and(~pads.slice(1, 1))), {1, 0}, 1);
}

}  // namespace

// Masks over the padded [rows, row_tokens] batch, then nonzero: as a collator on the host does.
ReferenceResult cu_seqlens_from_position_ids_padded(const Call& call) {
  at::Tensor ids = to_torch(call.input("position_ids"));
  if (ids.dim() == 2) ids = ids.unsqueeze(0);
  const std::int64_t tokens = ids.size(1) * ids.size(2);
  const bool pads_own_segments = call.the_case->is("pads", "segment");
  const at::Tensor pads = ids[0] == -1;
  const at::Tensor flat_pads = pads.flatten();

  at::Tensor boundaries;
  if (call.has_input("cu_seq_lens_q")) {
    boundaries = to_torch(call.input("cu_seq_lens_q"));
  } else if (tokens == 0) {
    boundaries = at::zeros({1}, at::kLong);
  } else {
    at::Tensor opens = openings(ids, pads).flatten();
    if (!pads_own_segments) opens = opens.logical_and(~flat_pads);
    const at::Tensor owned = pads_own_segments ? at::ones_like(flat_pads) : ~flat_pads;
    const at::Tensor end = (at::arange(1, tokens + 1) * owned).max().reshape({1});
    boundaries = at::cat({opens.nonzero().flatten(), end});
  }

  const at::Tensor lengths = boundaries.diff();
  const at::Tensor segment = at::repeat_interleave(lengths);
  const at::Tensor counted = (~flat_pads).slice(0, 0, segment.size(0)).to(at::kLong);
  const at::Tensor tokens_of =
      at::zeros({lengths.size(0) + 1}, at::kLong).index_add(0, segment, counted);

  const std::int64_t end = boundaries[-1].item<std::int64_t>();
  if (pads_own_segments && end < tokens)
    boundaries = at::cat({boundaries, at::full({1}, tokens, at::kLong)});
  const std::int64_t segments = boundaries.size(0) - 1;
  const at::Tensor repeated = boundaries[-1].expand({tokens - segments});
  return {result("cu_seqlens", at::cat({boundaries, repeated})),
          result("num_segments", at::full({1}, segments, at::kLong)),
          result("max_seqlen", tokens_of.max().reshape({1})),
          result("valid_tokens", counted.sum().reshape({1}))};
}

}  // namespace packproof::reference
