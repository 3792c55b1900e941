#include "harness/ops/compose/plain_steps.h"

#include <cstring>
#include <deque>
#include <map>

namespace packproof::harness {
namespace {

using ComposedEdge = Composition::ComposedEdge;

std::byte* row(const Tensor& tensor, std::int64_t index) {
  return tensor.as<std::byte>() +
         static_cast<std::size_t>(index * tensor.row_size()) * size_of(tensor.dtype);
}

class PlainSteps {
 public:
  PlainSteps(const Composition& steps, const Call& call) : steps_(steps), call_(call) {}

  void run() {
    for (const StepRun& run : steps_.runs())
      if (steps_.is_exchange(run))
        hand_on(run.reads[0].value, run.writes[0].value);
      else
        run_part(run);
    if (call_.the_case->direction == Direction::bwd) give_gradients();
  }

 private:
  bool is_end(const ComposedEdge& edge) const { return !edge.input && !edge.reader; }

  // All ranks' tokens and heads lie in one place: an exchange between ranks moves nothing, but for
  // what the op's caller is to have.
  void hand_on(const Value& from, const Value& to) {
    if (to.is_gradient || !is_end(steps_.edges()[to.edge])) {
      tensors_[to] = tensor(from);
    } else if (const Tensor& given = tensor(to); given.bytes() > 0) {
      std::memcpy(given.data, tensor(from).data, given.bytes());
    }
  }

  const Tensor& tensor(const Value& value) {
    const auto found = tensors_.find(value);
    return found != tensors_.end() ? found->second
                                   : tensors_.emplace(value, make_tensor(value)).first->second;
  }

  Tensor make_tensor(const Value& value) {
    const ComposedEdge& edge = steps_.edges()[value.edge];
    Tensor made{.name = edge.name, .dtype = edge.dtype, .dims = edge.dims};
    if (edge.input && !value.is_gradient)
      made.data = row(call_.input(TensorName(edge.input->tensor)), edge.input->first_row);
    else if (is_end(edge))
      made.data = value.is_gradient ? call_.input(TensorName("d" + edge.name)).data
                                    : call_.output(TensorName(edge.name)).data;
    else
      made.data = memory_.emplace_back(made.bytes()).data();
    return made;
  }

  void run_part(const StepRun& run) {
    const Case the_case = steps_.case_of(run);
    Call call{.the_case = &the_case, .inputs = {}, .outputs = {}};
    const auto add = [&](const Wire& wire, std::vector<Tensor>& to) {
      to.push_back(tensor(wire.value));
      to.back().name = wire.port;
    };
    for (const Wire& wire : run.reads) add(wire, call.inputs);
    for (const Wire& wire : run.writes) add(wire, call.outputs);
    steps_.part(run).plain(call);
  }

  // Every rank has the gradient of a weight alike.
  void give_gradients() {
    for (std::size_t i = 0; i < steps_.edges().size(); ++i) {
      const ComposedEdge& edge = steps_.edges()[i];
      if (!edge.input || !edge.has_gradient()) continue;
      const Tensor& gradient = tensor({i, true});
      const Tensor& given = call_.output(TensorName("d" + edge.input->tensor));
      const std::int64_t copies = given.dims[0].axis == Axis::rank ? given.size(0) : 1;
      for (std::int64_t copy = 0; copy < copies && gradient.bytes() > 0; ++copy) {
        const std::size_t each = given.bytes() / static_cast<std::size_t>(copies);
        const Tensor own{.name = edge.name,
                         .dtype = edge.dtype,
                         .dims = edge.dims,
                         .data = given.as<std::byte>() + static_cast<std::size_t>(copy) * each};
        std::memcpy(row(own, edge.input->first_row), gradient.data, gradient.bytes());
      }
    }
  }

  const Composition& steps_;
  const Call& call_;
  std::deque<std::vector<std::byte>> memory_;
  std::map<Value, Tensor> tensors_;
};

}  // namespace

Returned run_plain(const Composition& steps, const Call& call) {
  PlainSteps(steps, call).run();
  return all_outputs(call);
}

}  // namespace packproof::harness
