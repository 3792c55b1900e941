#include "reference/core/timed_padded.h"

#include <dlfcn.h>

#include <memory>
#include <utility>

#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/GradMode.h>
#include <c10/util/Exception.h>

#include "reference/core/torch_padded.h"

namespace packproof::reference {
namespace {

at::ScalarType scalar_type(DType dtype) {
  switch (dtype) {
    case DType::bf16:
      return at::kBFloat16;
    case DType::fp16:
      return at::kHalf;
    case DType::fp32:
      return at::kFloat;
    case DType::fp64:
      return at::kDouble;
    case DType::uint8:
      return at::kByte;
    case DType::int32:
      return at::kInt;
    case DType::int64:
      return at::kLong;
  }
  throw std::logic_error("a dtype that LibTorch does not know");
}

at::Device device_of(TorchDevice device) {
  return device == TorchDevice::cuda ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
}

// What a baseline keeps from run to run.
struct State {
  TimedInputs inputs;
  std::vector<TimedOutput> outputs;
  TimedForward forward;
  std::vector<at::Tensor> values;                        // of the outputs
  std::vector<std::pair<at::Tensor, at::Tensor>> roots;  // an output and its gradient
};

// What `work` gives. Throws Refusal where LibTorch has no memory for it.
template <class Work>
auto within_memory(RowLayout layout, const Work& work) {
  try {
    return work();
  } catch (const c10::OutOfMemoryError& error) {
    throw Refusal(std::string(name_of(layout)) +
                  " does not fit into memory: " + error.what_without_backtrace());
  }
}

void run_forward(State& state) {
  const c10::NoGradGuard no_graph;
  state.values = state.forward();
}

void run_backward(const State& state) {
  for (const TimedInputs::Leaf& leaf : state.inputs.leaves()) leaf.tensor.mutable_grad().reset();
  for (const auto& [output, gradient] : state.roots)
    output.backward(gradient, /*retain_graph=*/true);
}

ReferenceResult forward_results(const State& state) {
  ReferenceResult results;
  for (std::size_t i = 0; i < state.values.size(); ++i) {
    const auto& [name, gradient, is_rows] = state.outputs[i];
    if (!state.inputs.call().has_output(name)) continue;  // it comes for nothing
    const at::Tensor& value = state.values[i];
    results.push_back(
        result(std::string(name.text()), is_rows ? state.inputs.packed(value) : value.cpu()));
  }
  return results;
}

ReferenceResult backward_results(const State& state) {
  ReferenceResult results;
  for (const TimedInputs::Leaf& leaf : state.inputs.leaves()) {
    const at::Tensor gradient = leaf.tensor.grad();
    results.push_back(
        result("d" + leaf.name, leaf.is_rows ? state.inputs.packed(gradient) : gradient.cpu()));
  }
  return results;
}

}  // namespace

std::string_view name_of(RowLayout layout) {
  return layout == RowLayout::padded ? "padded LibTorch" : "packed LibTorch";
}

TimedInputs::TimedInputs(const Call& call, RowLayout layout, TorchDevice device)
    : call_(&call), layout_(layout), device_(device_of(device)) {
  cu_seqlens_ = to_torch(call.input("cu_seqlens"));
  token_mask_ = reference::token_mask(cu_seqlens_).to(device_);
}

const std::vector<std::int64_t>& TimedInputs::lengths() const { return the_case().lengths; }

at::Tensor TimedInputs::to_device(const Tensor& tensor) const {
  return at::from_blob(tensor.data, shape_of(tensor), at::dtype(scalar_type(tensor.dtype)))
      .to(device_, /*non_blocking=*/false, /*copy=*/true);
}

at::Tensor TimedInputs::in_layout(const at::Tensor& packed) const {
  const at::Tensor valid = packed.narrow(0, 0, the_case().valid_tokens());
  if (layout_ == RowLayout::packed) return valid.unsqueeze(0).contiguous();
  return put_rows(valid, token_mask_);
}

at::Tensor TimedInputs::leaf(TensorName name, at::Tensor tensor, bool is_rows) {
  if (the_case().direction == Direction::bwd && tensor.is_floating_point()) {
    tensor.requires_grad_(true);
    leaves_.push_back({.name = std::string(name.text()), .tensor = tensor, .is_rows = is_rows});
  }
  return tensor;
}

at::Tensor TimedInputs::rows(TensorName name) {
  return leaf(name, in_layout(to_device(call_->input(name))), true);
}

at::Tensor TimedInputs::whole(TensorName name) {
  if (!call_->has_input(name)) return {};
  return leaf(name, to_device(call_->input(name)), false);
}

at::Tensor TimedInputs::upstream(TensorName name) {
  if (!call_->has_input(name)) return {};
  return in_layout(to_device(call_->input(name)));
}

at::Tensor TimedInputs::packed(const at::Tensor& rows) const {
  const at::Tensor valid =
      layout_ == RowLayout::packed ? rows.squeeze(0) : rows.index({token_mask_});
  return valid.cpu();
}

TimedBaseline timed_baseline(const Call& call, RowLayout layout, TorchDevice device,
                             std::vector<TimedOutput> outputs,
                             const std::function<TimedForward(TimedInputs&)>& make) {
  const bool forward = call.the_case->direction == Direction::fwd;
  const auto state = within_memory(layout, [&] {
    auto made = std::make_shared<State>(State{.inputs = TimedInputs(call, layout, device),
                                              .outputs = std::move(outputs),
                                              .forward = {},
                                              .values = {},
                                              .roots = {}});
    made->forward = make(made->inputs);
    if (forward) return made;
    made->values = made->forward();
    for (std::size_t i = 0; i < made->values.size(); ++i) {
      const at::Tensor gradient = made->inputs.upstream(made->outputs[i].gradient);
      if (gradient.defined()) made->roots.emplace_back(made->values[i], gradient);
    }
    return made;
  });
  if (forward)
    return {.run = [state, layout] { within_memory(layout, [&] { run_forward(*state); }); },
            .results = [state] { return forward_results(*state); }};
  return {.run = [state, layout] { within_memory(layout, [&] { run_backward(*state); }); },
          .results = [state] { return backward_results(*state); }};
}

TimedBaseline timed_matmul(std::int64_t n, TorchDevice device) {
  const auto options = at::TensorOptions(device_of(device))
                           .dtype(device == TorchDevice::cuda ? at::kBFloat16 : at::kFloat);
  // Not zeros: with them a GPU draws less power, and clocks higher.
  const at::Tensor a = at::rand({n, n}, options), b = at::rand({n, n}, options);
  at::Tensor product = at::empty({n, n}, options);
  return {.run = [a, b, product]() mutable { at::mm_out(product, a, b); }, .results = {}};
}

TimedBaseline timed_copy(std::int64_t bytes, TorchDevice device) {
  const auto options = at::TensorOptions(device_of(device)).dtype(at::kFloat);
  const std::int64_t count = bytes / std::int64_t{sizeof(float)};
  const at::Tensor from = at::rand({count}, options), to = at::empty({count}, options);
  return {.run = [from, to] { to.copy_(from); }, .results = {}};
}

std::string why_no_libtorch(TorchDevice device) {
  if (device == TorchDevice::cpu) return {};
  // Loading it registers its operators; nothing of ours refers to it, so that a program without it
  // runs where there is no GPU.
  static void* const cuda_operators = ::dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL);
  if (cuda_operators == nullptr)
    return "LibTorch's CUDA operators cannot be loaded: libtorch_cuda.so and what it needs must be "
           "on LD_LIBRARY_PATH";
  return at::hasCUDA() ? "" : "LibTorch finds no CUDA device";
}

void free_libtorch_memory(TorchDevice device) {
  if (device == TorchDevice::cuda) at::getDeviceAllocator(at::kCUDA)->emptyCache();
}

}  // namespace packproof::reference
