#include "harness/run/call_memory.h"

#include <cstring>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "harness/compare/poison.h"
#include "harness/inputs/make_inputs.h"

namespace packproof::harness {
namespace {

void copy_input(const Tensor& input, const Tensor& output) {
  if (input.dtype != output.dtype || input.dims != output.dims ||
      input.row_stride != output.row_stride)
    throw std::logic_error(
        fmt::format("output '{}' starts as input '{}', but has not its dtype, dims and row stride",
                    output.name, input.name));
  // No elements may mean no memory, and memcpy takes no null pointer.
  if (output.bytes() > 0) std::memcpy(output.data, input.data, output.bytes());
}

}  // namespace

CallMemory::CallMemory(const Case& the_case, const Signature& signature,
                       std::uint64_t seed_offset) {
  call_.the_case = &the_case;
  for (const InputSpec& spec : signature.inputs) {
    Tensor tensor{.name = spec.name, .dtype = spec.dtype, .dims = spec.dims};
    tensor.row_stride = spec.row_stride;
    tensor.data = buffers_.emplace_back(tensor.bytes()).data();
    inputs::fill_input(the_case, signature, spec, tensor, seed_offset);
    input_hashes_.push_back(buffers_.back().hash());
    call_.inputs.push_back(std::move(tensor));
  }
  for (const OutputSpec& spec : signature.outputs) {
    Tensor tensor{.name = spec.name, .dtype = spec.dtype, .dims = spec.dims};
    tensor.data = buffers_.emplace_back(tensor.bytes()).data();
    if (spec.starts_as.empty()) {
      compare::poison(tensor);
    } else {
      copy_input(call_.input(spec.starts_as), tensor);
    }
    call_.outputs.push_back(std::move(tensor));
  }
}

void CallMemory::shield() {
  for (compare::GuardedBuffer& buffer : buffers_) buffer.shield();
}

std::optional<reports::Mismatch> CallMemory::trespass() const {
  for (std::size_t i = 0; i < buffers_.size(); ++i) {
    const bool is_input = i < call_.inputs.size();
    const Tensor& tensor = is_input ? call_.inputs[i] : call_.outputs[i - call_.inputs.size()];
    if (const auto overrun = buffers_[i].check())
      return reports::Mismatch{
          .tensor = tensor.name,
          .check = "canary",
          .got = overrun->describe(),
          .want = fmt::format("nothing outside of its {} bytes changed", tensor.bytes())};
    if (is_input && buffers_[i].hash() != input_hashes_[i])
      return reports::Mismatch{.tensor = tensor.name,
                               .check = "input modified",
                               .got = "other bytes than before the run",
                               .want = "an input that the op leaves as it was"};
  }
  return std::nullopt;
}

}  // namespace packproof::harness
