#include "harness/ops/compose/linear_part.h"

#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "kernels/layer/gated_delta_net_block/gated_delta_net_block_kernel.h"
#include "reference/layer/linear_judged.h"
#include "reference/layer/linear_plain.h"

namespace packproof::harness {
namespace {

// The rows of a weight that one output comes from.
struct Projection {
  const Tensor* y;  // forward the output, backward its gradient
  std::int64_t rows;
  std::string weight;
  std::int64_t first_row;

  std::byte* in(const Tensor& of_weight) const {
    return of_weight.as<std::byte>() +
           static_cast<std::size_t>(first_row * of_weight.row_size()) * size_of(of_weight.dtype);
  }
};

std::vector<Projection> projections_of(const Call& call) {
  const bool is_forward = call.the_case->direction == Direction::fwd;
  const std::vector<Tensor>& tensors = is_forward ? call.outputs : call.inputs;
  std::vector<Projection> all;
  std::int64_t weight = 0, row = 0;
  for (const Tensor& y : tensors) {
    if (y.name != fmt::format("{}{}", is_forward ? "y" : "dy", all.size())) continue;
    std::string name = fmt::format("weight{}", weight);
    all.push_back({.y = &y, .rows = y.row_size(), .weight = name, .first_row = row});
    row += y.row_size();
    if (const std::int64_t rows = call.input(TensorName(name)).size(0); row > rows)
      throw std::logic_error(
          fmt::format("{} ends with row {} of the {} of {}", y.name, row, rows, name));
    else if (row == rows)
      ++weight, row = 0;
  }
  if (row != 0 || call.has_input(TensorName(fmt::format("weight{}", weight))))
    throw std::logic_error(
        fmt::format("no output takes the rows of weight{} from {} on", weight, row));
  return all;
}

void check(const Call& shapes) {
  const Tensor& x = shapes.input("x");
  const std::vector<Projection> projections = projections_of(shapes);
  if (projections.size() > static_cast<std::size_t>(kMostProjections))
    throw std::logic_error(fmt::format("it has {} outputs, and the kernel takes {} at most",
                                       projections.size(), kMostProjections));
  for (const Projection& p : projections) {
    const Tensor& weight = shapes.input(TensorName(p.weight));
    if (weight.row_size() != x.row_size() || weight.dtype != x.dtype || p.y->dtype != x.dtype)
      throw std::logic_error(fmt::format(
          "x is {} with {} features, {} is {} with {}, {} is {}", name_of(x.dtype), x.row_size(),
          p.weight, name_of(weight.dtype), weight.row_size(), p.y->name, name_of(p.y->dtype)));
  }
}

TokenRows rows_of(const Call& call, std::int64_t first_token) {
  const Tensor& cu_seqlens = call.input("cu_seqlens");
  return {.dtype = call.input("x").dtype,
          .count = call.input("x").size(0),
          .first = first_token,
          .end = cu_seqlens.as<const std::int32_t>() + cu_seqlens.size(0) - 1};
}

void forward(const DeviceCall& call, const TokenRows& rows) {
  const Tensor& x = call.device.input("x");
  for (const Projection& p : projections_of(call.device)) {
    PACKPROOF_LAUNCHER(call.target, linear)
    ({.rows = rows,
      .in = x.row_size(),
      .out = p.rows,
      .x = x.data,
      .weight = p.in(call.device.input(TensorName(p.weight))),
      .y = p.y->data},
     call.stream);
  }
}

void backward(const DeviceCall& call, const TokenRows& rows) {
  const Tensor& x = call.device.input("x");
  LinearBackwardInputParams input{.rows = rows,
                                  .in = x.row_size(),
                                  .terms = 0,
                                  .term = {},
                                  .dx = call.device.output("dx").data};
  for (const Projection& p : projections_of(call.device)) {
    input.term[input.terms++] = {
        .dy = p.y->data, .weight = p.in(call.device.input(TensorName(p.weight))), .out = p.rows};
    const Tensor& dweight = call.device.output(TensorName("d" + p.weight));
    if (dweight.dtype != DType::fp32)
      throw std::logic_error("linear: the kernel leaves the gradients of weights unrounded");
    PACKPROOF_LAUNCHER(call.target, linear_backward_weight)
    ({.rows = rows,
      .in = x.row_size(),
      .out = p.rows,
      .dy = p.y->data,
      .x = x.data,
      .dweight = reinterpret_cast<float*>(p.in(dweight))},
     call.stream);
  }
  PACKPROOF_LAUNCHER(call.target, linear_backward_input)(input, call.stream);
}

void ours(const DeviceCall& call, std::int64_t first_token) {
  const TokenRows rows = rows_of(call.device, first_token);
  if (call.device.the_case->direction == Direction::fwd)
    forward(call, rows);
  else
    backward(call, rows);
}

}  // namespace

Part linear_part() {
  return {.fields = {},
          .check = check,
          .takes_token_shards = true,
          .ours = ours,
          .plain = reference::linear_plain,
          .judged = reference::linear_judged};
}

}  // namespace packproof::harness
