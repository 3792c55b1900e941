#include <vector>

#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

// Rows that each segment has once it is padded; contiguous: one more for the pads.
at::Tensor padded_lengths(const at::Tensor& cu_seqlens, const Case& c) {
  const std::int64_t world = c.integer("sp");
  const at::Tensor lengths = cu_seqlens.diff();
  if (c.is("layout", "zigzag")) return lengths + (-lengths).remainder(2 * world);
  return at::cat({lengths, (-cu_seqlens.slice(0, -1)).remainder(world)});
}

// Each segment by itself, with the pads that it needs, then pads for slack.
at::Tensor padded_rows(const at::Tensor& values, const at::Tensor& cu_seqlens, const Case& c,
                       std::int64_t rows, double pad) {
  const at::Tensor flat = values.flatten(1);
  const at::Tensor lengths = padded_lengths(cu_seqlens, c);
  std::vector<at::Tensor> parts;
  for (std::int64_t s = 0; s < lengths.size(0); ++s) {
    const bool has_tokens = s + 1 < cu_seqlens.size(0);
    const std::int64_t start = cu_seqlens[s].item<std::int64_t>();
    const std::int64_t end = has_tokens ? cu_seqlens[s + 1].item<std::int64_t>() : start;
    parts.push_back(at::constant_pad_nd(flat.slice(0, start, end),
                                        {0, 0, 0, lengths[s].item<std::int64_t>() - (end - start)},
                                        pad));
  }
  const std::int64_t slack = rows - lengths.sum().item<std::int64_t>();
  parts.push_back(at::full({slack, flat.size(1)}, pad, flat.options()));
  return at::cat(parts);
}

}  // namespace

ReferenceResult sp_pad_padded(const Call& call) {
  const Case& c = *call.the_case;
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  if (call.has_output("dx")) {
    const at::Tensor dx_padded = to_torch(call.input("dx_padded"));
    const at::Tensor x =
        at::zeros({call.output("dx").size(0), dx_padded.size(1)}, at::kDouble).requires_grad_(true);
    padded_rows(x, cu_seqlens, c, dx_padded.size(0), 0).backward(dx_padded);
    return {result("dx", x.grad())};
  }
  const std::int64_t rows = call.output("x_padded").size(0);
  const auto padded = [&](TensorName name, double pad) {
    at::Tensor values = to_torch(call.input(name));
    if (values.dim() == 1) values = values.unsqueeze(1);
    return padded_rows(values, cu_seqlens, c, rows, pad);
  };
  return {result("x_padded", padded("x", 0)),
          result("input_ids_padded", padded("input_ids", static_cast<double>(c.integer("pad_id")))),
          result("position_ids_padded", padded("position_ids", -1)),
          result("labels_padded", padded("labels", -100)),
          result("weights_padded", padded("weights", 0)),
          result("cu_seqlens_padded",
                 at::constant_pad_nd(padded_lengths(cu_seqlens, c).cumsum(0), {1, 0}))};
}

}  // namespace packproof::reference
