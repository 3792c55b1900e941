#include <algorithm>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "reference/padded_baseline.h"
#include "reference/torch_padded.h"

namespace packproof::reference {
namespace {

struct Leaves {
  at::Tensor x, weight, bias, initial_state, cu_seqlens;
};

struct Results {
  at::Tensor y, final_state;
};

at::Tensor leaf(const Call& call, std::string_view name) {
  if (!call.has_input(name)) return {};
  return to_torch(call.input(name)).requires_grad_(call.the_case->direction == Direction::bwd);
}

// The last width - 1 columns of each row of [segments, channels, width - 1 + longest], where a row
// holds a history and then its own tokens.
at::Tensor last_columns(const at::Tensor& rows, const at::Tensor& lengths,
                           std::int64_t history) {
  const at::Tensor columns = lengths.unsqueeze(1) + torch::arange(history).unsqueeze(0);
  return rows.gather(2, columns.unsqueeze(1).expand({-1, rows.size(1), -1}));
}

// conv1d sees [segments, channels, longest]. Without a state it pads by itself; a state stands in
// the columns that it would pad. Rows are unpadded before the activation: beyond a row's end the
// window sees its last tokens, and what an activation makes of them is nobody's.
Results forward(const Call& call, const Leaves& in) {
  const std::int64_t channels = in.weight.size(0), history = in.weight.size(1) - 1;
  at::Tensor rows = pad(in.x, in.cu_seqlens).transpose(1, 2);
  const std::int64_t segments = rows.size(0), longest = rows.size(2);
  // conv1d takes no row without a column.
  if (longest == 0) rows = torch::constant_pad_nd(rows, {0, 1});
  const at::Tensor before = in.initial_state.defined()
                                   ? in.initial_state
                                   : torch::zeros({segments, channels, history}, rows.options());
  const at::Tensor continued = torch::cat({before, rows}, 2);

  const auto options = torch::nn::functional::Conv1dFuncOptions().bias(in.bias).groups(channels);
  const at::Tensor kernel = in.weight.unsqueeze(1);
  const at::Tensor u =
      in.initial_state.defined()
          ? torch::nn::functional::conv1d(continued, kernel, options)
          : torch::nn::functional::conv1d(
                rows, kernel, torch::nn::functional::Conv1dFuncOptions(options).padding(history));
  const at::Tensor packed = unpad(u.narrow(2, 0, longest).transpose(1, 2), in.cu_seqlens,
                                     call.input("x").size(0));
  return {call.the_case->is("activation", "none") ? packed : torch::silu(packed),
          last_columns(continued, in.cu_seqlens.diff(), history)};
}

}  // namespace

ReferenceResult causal_conv1d_padded(const Call& call) {
  const Leaves in{leaf(call, "x"), leaf(call, "weight"), leaf(call, "bias"),
                  leaf(call, "initial_state"), to_torch(call.input("cu_seqlens"))};
  const Results out = forward(call, in);
  ReferenceResult results;
  if (call.the_case->direction == Direction::fwd) {
    results.push_back(result("y", out.y));
    if (call.has_output("final_state")) results.push_back(result("final_state", out.final_state));
    return results;
  }

  // silu(0) has a slope and slack rows of dy may hold NaN: slack must not reach the sums.
  const std::int64_t valid = in.cu_seqlens[-1].item<std::int64_t>();
  std::vector<at::Tensor> from = {out.y.narrow(0, 0, valid)};
  std::vector<at::Tensor> upstream = {to_torch(call.input("dy")).narrow(0, 0, valid)};
  if (call.has_input("dfinal_state")) {
    from.push_back(out.final_state);
    upstream.push_back(to_torch(call.input("dfinal_state")));
  }
  std::vector<std::pair<const char*, at::Tensor>> leaves = {{"dx", in.x},
                                                               {"dweight", in.weight}};
  if (in.bias.defined()) leaves.emplace_back("dbias", in.bias);
  if (in.initial_state.defined()) leaves.emplace_back("dinitial_state", in.initial_state);
  std::vector<at::Tensor> to;
  for (const auto& [name, tensor] : leaves) to.push_back(tensor);
  const std::vector<at::Tensor> gradients = torch::autograd::grad(from, to, upstream);
  for (std::size_t i = 0; i < leaves.size(); ++i)
    results.push_back(result(leaves[i].first, gradients[i]));
  return results;
}

}  // namespace packproof::reference
