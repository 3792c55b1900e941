#include "harness/ops/compose/judged_steps.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include "reference/core/call_arrays.h"
#include "reference/core/judged_call.h"
#include "reference/core/judged_product.h"

namespace packproof::harness {
namespace {

using ComposedEdge = Composition::ComposedEdge;
using reference::JudgedTensor;

class JudgedSteps {
 public:
  JudgedSteps(const Composition& steps, const Call& call) : steps_(steps), call_(call) {}

  ReferenceResult run() {
    for (const StepRun& run : steps_.runs())
      if (steps_.is_exchange(run))
        tensors_[run.writes[0].value] = std::move(tensor(run.reads[0].value));
      else
        run_part(run);
    ReferenceResult results;
    for (const Tensor& output : call_.outputs) results.push_back(result(output));
    return results;
  }

 private:
  const ComposedEdge& edge(const Value& value) const { return steps_.edges()[value.edge]; }

  JudgedTensor& tensor(const Value& value) {
    const auto found = tensors_.find(value);
    return found != tensors_.end() ? found->second
                                   : tensors_.emplace(value, make_tensor(value)).first->second;
  }

  JudgedTensor make_tensor(const Value& value) const {
    const ComposedEdge& of = edge(value);
    if (of.input && !value.is_gradient)
      return {of.dims, reference::exact(reference::matrix_of(input_rows(of)))};
    if (!of.input && !of.reader && value.is_gradient)
      return {of.dims,
              reference::exact(reference::matrix_of(call_.input(TensorName("d" + of.name))))};
    const std::int64_t rows = of.dims[0].size;
    return {of.dims, reference::zeros(rows, rows == 0 ? 0 : element_count(of.dims) / rows)};
  }

  Tensor input_rows(const ComposedEdge& of) const {
    Tensor tensor = call_.input(TensorName(of.input->tensor));
    tensor.data =
        tensor.as<std::byte>() +
        static_cast<std::size_t>(of.input->first_row * tensor.row_pitch()) * size_of(tensor.dtype);
    tensor.dims = of.dims;
    return tensor;
  }

  void run_part(const StepRun& run) {
    const Case the_case = steps_.case_of(run);
    reference::JudgedCall call{
        .the_case = &the_case, .cu_seqlens = {}, .inputs = {}, .outputs = {}};
    for (const Wire& wire : run.reads) {
      if (edge(wire.value).has_gradient())
        call.inputs[wire.port] = &tensor(wire.value);
      else if (wire.port == "cu_seqlens")
        call.cu_seqlens = reference::integers_of(input_rows(edge(wire.value)));
      else
        throw std::logic_error("parts in float64 know no integers but cu_seqlens");
    }
    for (const Wire& wire : run.writes) call.outputs[wire.port] = &tensor(wire.value);
    steps_.part(run).judged(call);
  }

  // Of an output of the op, or of the gradient of an input, whose rows may be those of several
  // edges; every rank has that of a weight alike.
  ReferenceTensor result(const Tensor& output) {
    const std::int64_t copies = output.dims[0].axis == Axis::rank ? output.size(0) : 1;
    const auto count = static_cast<std::size_t>(output.count());
    ReferenceTensor result{.name = output.name,
                           .value = std::vector<double>(count),
                           .magnitude = std::vector<double>(count),
                           .bits = {}};
    for (std::size_t i = 0; i < steps_.edges().size(); ++i) {
      const ComposedEdge& of = steps_.edges()[i];
      const bool is_gradient = of.input && "d" + of.input->tensor == output.name;
      if (!is_gradient && of.name != output.name) continue;
      const reference::JudgedMatrix& rows = tensor({i, is_gradient}).rows;
      const std::int64_t first = is_gradient ? of.input->first_row * rows.value.cols() : 0;
      for (std::int64_t copy = 0; copy < copies; ++copy) {
        const std::int64_t at = copy * (output.count() / copies) + first;
        std::copy_n(rows.value.data(), rows.value.size(), result.value.begin() + at);
        std::copy_n(rows.magnitude.data(), rows.magnitude.size(), result.magnitude.begin() + at);
      }
    }
    return result;
  }

  const Composition& steps_;
  const Call& call_;
  std::map<Value, JudgedTensor> tensors_;
};

}  // namespace

ReferenceResult run_judged(const Composition& steps, const Call& call) {
  return JudgedSteps(steps, call).run();
}

}  // namespace packproof::harness
