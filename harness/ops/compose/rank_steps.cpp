#include "harness/ops/compose/rank_steps.h"

#include <map>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "kernels/layer/gated_delta_net_block/gated_delta_net_block_kernel.h"
#include "kernels/sp/head_to_seq/head_to_seq_kernel.h"
#include "kernels/sp/seq_to_head/seq_to_head_kernel.h"

namespace packproof::harness {
namespace {

using ComposedEdge = Composition::ComposedEdge;

// A tensor as a launcher needs it. Only the op's inputs can be read on the host.
struct Local {
  Tensor device;
  void* on_host = nullptr;
};

std::byte* row(const Tensor& tensor, std::int64_t index) {
  return tensor.as<std::byte>() +
         static_cast<std::size_t>(index * tensor.row_size()) * size_of(tensor.dtype);
}

bool is_copied(const Tensor& gradient) { return gradient.dims[0].axis == Axis::rank; }

class RankSteps {
 public:
  RankSteps(const Composition& steps, const DeviceCall& call, const RankCall& rank)
      : steps_(steps), call_(call), rank_(rank) {}

  void run() {
    make_sums();
    for (const StepRun& run : steps_.runs())
      if (steps_.is_exchange(run))
        exchange(local(run.reads[0].value).device, local(run.writes[0].value).device,
                 shared_by(run.reads[0].value));
      else
        run_part(run);
    give_gradients();
  }

 private:
  const ComposedEdge& edge(const Value& value) const { return steps_.edges()[value.edge]; }
  Shared shared_by(const Value& value) const { return edge(value).shared; }

  // Of a weight that every rank has alike: what a rank finds is a part of it.
  static bool is_summed(const ComposedEdge& edge) {
    return edge.input && edge.has_gradient() && edge.shared == Shared::alike;
  }

  const Local& local(const Value& value) {
    const auto found = locals_.find(value);
    return found != locals_.end() ? found->second
                                  : locals_.emplace(value, make_local(value)).first->second;
  }

  Local make_local(const Value& value) {
    const ComposedEdge& of = edge(value);
    Local made{.device = {.name = of.name, .dtype = of.dtype, .dims = of.dims}};
    if (of.shared != Shared::alike) {
      std::int64_t& size = made.device.dims[static_cast<std::size_t>(of.shared)].size;
      if (size % rank_.world() != 0)
        throw std::logic_error(fmt::format("edge '{}': {} over {} ranks were not refused", of.name,
                                           size, rank_.world()));
      size /= rank_.world();
    }
    if (of.input && !value.is_gradient) {
      made.device.data =
          input_rows(call_.device.input(TensorName(of.input->tensor)), made.device, of);
      made.on_host = input_rows(call_.host.input(TensorName(of.input->tensor)), made.device, of);
    } else if (const Tensor* whole = whole_of(value)) {
      const std::int64_t first = of.input ? of.input->first_row : 0;
      made.device.data = row(*whole, first + rank_.rank() * made.device.size(0));
    } else {
      made.device.data = rank_.workspace(made.device.bytes());
    }
    return made;
  }

  std::byte* input_rows(const Tensor& whole, const Tensor& own, const ComposedEdge& of) const {
    const std::int64_t share = of.shared == Shared::alike ? 0 : rank_.rank() * own.size(0);
    return row(whole, of.input->first_row + share);
  }

  // The op's tensor that a value is the rank's own rows of, null if it is of none.
  const Tensor* whole_of(const Value& value) const {
    const ComposedEdge& of = edge(value);
    if (of.shared != Shared::first) return nullptr;
    if (!value.is_gradient)
      return call_.device.has_output(TensorName(of.name))
                 ? &call_.device.output(TensorName(of.name))
                 : nullptr;
    if (!of.input) return of.reader ? nullptr : &call_.device.input(TensorName("d" + of.name));
    const Tensor& gradient = call_.device.output(TensorName("d" + of.input->tensor));
    return is_copied(gradient) ? nullptr : &gradient;
  }

  void run_part(const StepRun& run) {
    const Case the_case = steps_.case_of(run);
    Call device{.the_case = &the_case, .inputs = {}, .outputs = {}}, host = device;
    const auto add = [&](const Wire& wire, std::vector<Tensor>& devices,
                         std::vector<Tensor>& hosts) {
      const Local& at = local(wire.value);
      devices.push_back(at.device);
      devices.back().name = wire.port;
      hosts.push_back(devices.back());
      hosts.back().data = at.on_host;
    };
    for (const Wire& wire : run.reads) add(wire, device.inputs, host.inputs);
    for (const Wire& wire : run.writes) add(wire, device.outputs, host.outputs);
    steps_.part(run).ours({.host = host,
                           .device = device,
                           .target = call_.target,
                           .stream = rank_.stream,
                           .workspace = rank_.workspace,
                           .copy_to_host = {},
                           .on_ranks = {}},
                          first_token(run));
  }

  // Of the rank's own ones, where the step has no more than those.
  std::int64_t first_token(const StepRun& run) {
    for (const Wire& wire : run.reads)
      if (shared_by(wire.value) == Shared::first && edge(wire.value).dims[0].axis == Axis::token)
        return rank_.rank() * local(wire.value).device.size(0);
    return 0;
  }

  void exchange(const Tensor& x, const Tensor& y, Shared x_shared) const {
    const bool to_heads = x_shared == Shared::first;
    const std::int64_t tokens = (to_heads ? x : y).size(0);  // of one rank
    const auto shard_bytes = static_cast<std::int64_t>((to_heads ? y : x).row_size()) *
                             static_cast<std::int64_t>(size_of(x.dtype));
    void* blocks = rank_.workspace(x.bytes());
    const auto bytes_each = static_cast<std::size_t>(tokens * shard_bytes);
    if (to_heads) {
      PACKPROOF_LAUNCHER(call_.target, seq_to_head)
      ({.x = x.data,
        .blocks = blocks,
        .tokens = tokens,
        .world = rank_.world(),
        .shard_bytes = shard_bytes},
       rank_.stream);
      rank_.all_to_all(blocks, y.data, bytes_each);
    } else {
      rank_.all_to_all(x.data, blocks, bytes_each);
      PACKPROOF_LAUNCHER(call_.target, head_to_seq)
      ({.blocks = blocks,
        .y = y.data,
        .tokens = tokens,
        .world = rank_.world(),
        .shard_bytes = shard_bytes},
       rank_.stream);
    }
  }

  // The sums of all weights lie in one piece, for one collective.
  void make_sums() {
    if (call_.host.the_case->direction == Direction::fwd) return;
    for (const ComposedEdge& edge : steps_.edges())
      if (is_summed(edge)) sum_count_ += element_count(edge.dims);
    sums_ =
        static_cast<float*>(rank_.workspace(static_cast<std::size_t>(sum_count_) * sizeof(float)));
    float* next = sums_;
    for (std::size_t i = 0; i < steps_.edges().size(); ++i) {
      const ComposedEdge& edge = steps_.edges()[i];
      if (!is_summed(edge)) continue;
      Tensor sum{.name = edge.name, .dtype = DType::fp32, .dims = edge.dims, .data = next};
      next += sum.count();
      locals_[{i, true}] = {.device = std::move(sum)};
    }
  }

  void give_gradients() {
    if (call_.host.the_case->direction == Direction::fwd) return;
    rank_.all_reduce(sums_, sum_count_, DType::fp32);
    for (std::size_t i = 0; i < steps_.edges().size(); ++i) {
      const ComposedEdge& edge = steps_.edges()[i];
      if (!edge.input || !edge.has_gradient()) continue;
      const Tensor& copies = call_.device.output(TensorName("d" + edge.input->tensor));
      if (!is_copied(copies)) continue;
      const Tensor& found = locals_.at({i, true}).device;
      std::byte* own = own_copy(copies, edge);
      if (is_summed(edge)) {
        PACKPROOF_LAUNCHER(call_.target, round_sums)
        ({.dtype = edge.dtype,
          .count = found.count(),
          .sums = found.as<const float>(),
          .rounded = own},
         rank_.stream);
      } else {
        rank_.all_gather(found.data, own, found.bytes());
      }
    }
  }

  // The edge's rows of this rank's copy of a gradient.
  std::byte* own_copy(const Tensor& copies, const ComposedEdge& edge) const {
    const Tensor rows{.name = edge.name,
                      .dtype = edge.dtype,
                      .dims = edge.dims,
                      .data = row(copies, rank_.rank())};
    return row(rows, edge.input->first_row);
  }

  const Composition& steps_;
  const DeviceCall& call_;
  const RankCall& rank_;
  std::map<Value, Local> locals_;
  float* sums_ = nullptr;
  std::int64_t sum_count_ = 0;
};

}  // namespace

void run_on_rank(const Composition& steps, const DeviceCall& call, const RankCall& rank) {
  RankSteps(steps, call, rank).run();
}

}  // namespace packproof::harness
