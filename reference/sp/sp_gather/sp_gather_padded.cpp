#include <vector>

#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// [world, rows / world, dim] -> [rows, dim]: of each segment, which is a run of rows on every rank,
// the first halves in the order of ranks, then the second halves in the reverse order.
at::Tensor joined(const at::Tensor& x, const at::Tensor& padded, const Case& c) {
  if (c.is("layout", "contiguous")) return x.flatten(0, 1);
  const std::int64_t world = x.size(0);
  std::vector<at::Tensor> parts = {x.new_zeros({0, x.size(2)})};
  for (std::int64_t s = 0; s + 1 < padded.size(0); ++s) {
    const std::int64_t begin = padded[s].item<std::int64_t>() / world;
    const std::int64_t end = padded[s + 1].item<std::int64_t>() / world;
    const std::int64_t middle = (begin + end) / 2;
    parts.push_back(x.slice(1, begin, middle).flatten(0, 1));
    parts.push_back(x.slice(1, middle, end).flip(0).flatten(0, 1));
  }
  return at::cat(parts);
}

// The tokens of each segment, then zeros for slack.
at::Tensor trimmed(const at::Tensor& row, const at::Tensor& padded, const at::Tensor& cu_seqlens,
                   std::int64_t total_tokens) {
  std::vector<at::Tensor> parts;
  for (std::int64_t s = 0; s + 1 < cu_seqlens.size(0); ++s)
    parts.push_back(row.narrow(0, padded[s].item<std::int64_t>(),
                               (cu_seqlens[s + 1] - cu_seqlens[s]).item<std::int64_t>()));
  parts.push_back(row.new_zeros({total_tokens - cu_seqlens[-1].item<std::int64_t>(), row.size(1)}));
  return at::cat(parts);
}

}  // namespace

ReferenceResult sp_gather_padded(const Call& call) {
  const Case& c = *call.the_case;
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  const at::Tensor padded = to_torch(call.input("cu_seqlens_padded"));
  const std::int64_t world = c.integer("sp");
  if (call.has_output("y")) {
    const at::Tensor x = to_torch(call.input("x"));
    const std::int64_t tokens = call.output("y").size(1);
    const at::Tensor y = trimmed(joined(x, padded, c), padded, cu_seqlens, tokens);
    return {result("y", y.unsqueeze(0).expand({world, -1, -1}))};
  }
  const at::Tensor dy = to_torch(call.input("dy"));
  const Tensor& dx = call.output("dx");
  std::vector<at::Tensor> shares;
  for (std::int64_t rank = 0; rank < world; ++rank) {
    const at::Tensor x =
        at::zeros({world, dx.size(1), dx.size(2)}, at::kDouble).requires_grad_(true);
    trimmed(joined(x, padded, c), padded, cu_seqlens, dy.size(1)).backward(dy[rank]);
    shares.push_back(x.grad()[rank]);
  }
  return {result("dx", at::stack(shares))};
}

}  // namespace packproof::reference
