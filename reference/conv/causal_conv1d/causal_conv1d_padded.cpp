#include <string_view>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "reference/core/timed_padded.h"
#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {
namespace {

struct Leaves {
  at::Tensor x, weight, bias, initial_state, cu_seqlens;
};

struct Results {
  at::Tensor y, final_state;
};

at::Tensor leaf(const Call& call, TensorName name) {
  if (!call.has_input(name)) return {};
  return to_torch(call.input(name)).requires_grad_(call.the_case->direction == Direction::bwd);
}

// The last width - 1 columns of each row of [segments, channels, width - 1 + longest], where a row
// holds a history and then its own tokens.
at::Tensor last_columns(const at::Tensor& rows, const at::Tensor& lengths, std::int64_t history) {
  const at::Tensor columns = lengths.unsqueeze(1) + at::arange(history).unsqueeze(0);
  return rows.gather(2, columns.unsqueeze(1).expand({-1, rows.size(1), -1}));
}

// conv1d sees [segments, channels, longest]. Without a state it pads by itself; a state stands in
// the columns that it would pad. Rows are unpadded before the activation: beyond a row's end the
// window sees its last tokens, and what an activation makes of them is nobody's.
Results forward(const Call& call, const Leaves& in) {
  const std::int64_t channels = in.weight.size(0), history = in.weight.size(1) - 1;
  const bool has_state = in.initial_state.defined();
  at::Tensor rows = pad(in.x, in.cu_seqlens).transpose(1, 2);
  const std::int64_t segments = rows.size(0), longest = rows.size(2);
  // conv1d takes no row without a column.
  if (longest == 0) rows = at::constant_pad_nd(rows, {0, 1});
  const at::Tensor before =
      has_state ? in.initial_state : at::zeros({segments, channels, history}, rows.options());
  const at::Tensor continued = at::cat({before, rows}, 2);

  const at::Tensor u =
      at::conv1d(has_state ? continued : rows, in.weight.unsqueeze(1), in.bias, /*stride=*/1,
                 /*padding=*/has_state ? 0 : history, /*dilation=*/1, /*groups=*/channels);
  const at::Tensor packed =
      unpad(u.narrow(2, 0, longest).transpose(1, 2), in.cu_seqlens, call.input("x").size(0));
  return {call.the_case->is("activation", "none") ? packed : at::silu(packed),
          last_columns(continued, in.cu_seqlens.diff(), history)};
}

// Packed rows for one conv1d: in front of each segment width - 1 rows of zeros, so that no window
// reaches the segment before. Gives [1, channels, tokens + segments x (width - 1)].
at::Tensor spaced_out(const at::Tensor& x, const at::Tensor& place_of_token, std::int64_t rows) {
  at::Tensor spaced = at::zeros({1, rows, x.size(2)}, x.options());
  return spaced.index_copy(1, place_of_token, x).transpose(1, 2);
}

}  // namespace

TimedBaseline causal_conv1d_timed(const Call& call, RowLayout layout, TorchDevice device) {
  return timed_baseline(
      call, layout, device, {{.name = "y", .gradient = "dy"}}, [](TimedInputs& in) -> TimedForward {
        const at::Tensor x = in.rows("x"), weight = in.whole("weight"), bias = in.whole("bias");
        const std::int64_t channels = weight.size(0), history = weight.size(1) - 1;
        const bool activate = !in.the_case().is("activation", "none");
        const auto conv = [=](const at::Tensor& rows, std::int64_t padding) {
          return at::conv1d(rows, weight.unsqueeze(1), bias, 1, padding, 1, channels);
        };
        const auto finish = [=](const at::Tensor& u) {
          const at::Tensor rows = u.transpose(1, 2);
          return std::vector{activate ? at::silu(rows) : rows};
        };
        if (in.layout() == RowLayout::padded)
          return [=] { return finish(conv(x.transpose(1, 2), history).narrow(2, 0, x.size(1))); };
        const at::Tensor lengths = in.cu_seqlens().diff();
        const at::Tensor segments = at::arange(1, lengths.size(0) + 1);
        const at::Tensor place =
            (at::arange(x.size(1)) + at::repeat_interleave(segments * history, lengths))
                .to(x.device());
        const std::int64_t spaced_rows = x.size(1) + lengths.size(0) * history;
        return [=] {
          return finish(
              conv(spaced_out(x, place, spaced_rows), 0).index_select(2, place - history));
        };
      });
}

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

  // dy may hold anything in slack: only valid rows take part.
  const std::int64_t valid = in.cu_seqlens[-1].item<std::int64_t>();
  out.y.narrow(0, 0, valid)
      .backward(to_torch(call.input("dy")).narrow(0, 0, valid), /*retain_graph=*/true);
  if (call.has_input("dfinal_state"))
    out.final_state.backward(to_torch(call.input("dfinal_state")));
  results = {result("dx", in.x.grad()), result("dweight", in.weight.grad())};
  if (in.bias.defined()) results.push_back(result("dbias", in.bias.grad()));
  if (in.initial_state.defined())
    results.push_back(result("dinitial_state", in.initial_state.grad()));
  return results;
}

}  // namespace packproof::reference
