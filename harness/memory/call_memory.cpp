#include "harness/memory/call_memory.h"

#include <bit>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "harness/inputs/make_inputs.h"
#include "harness/memory/content_hash.h"
#include "harness/memory/poison.h"

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

memory::GuardedBuffer buffer_for(const Tensor& tensor, memory::SharedPages* pages) {
  if (pages != nullptr) return memory::GuardedBuffer(tensor.bytes(), *pages);
  using Reserve = memory::GuardedBuffer::Reserve;
  return memory::GuardedBuffer(tensor.bytes(),
                               tensor.is_sparse() ? Reserve::touched : Reserve::all);
}

// Of what a tensor holds, gaps included but for those of a sparse one.
std::uint64_t hash_of(const Tensor& tensor) {
  std::uint64_t hash = 0;
  for (const std::span<std::byte> part : held_memory(tensor))
    hash = std::rotl(hash, 29) ^ memory::content_hash(part.data(), part.size());
  return hash;
}

}  // namespace

std::vector<std::span<std::byte>> held_memory(const Tensor& tensor) {
  if (!tensor.is_sparse()) return {{tensor.as<std::byte>(), tensor.bytes()}};
  const std::size_t element = size_of(tensor.dtype);
  std::vector<std::span<std::byte>> rows;
  for (std::int64_t row = 0; row < tensor.size(0); ++row)
    rows.emplace_back(
        tensor.as<std::byte>() + static_cast<std::size_t>(row * tensor.row_stride) * element,
        static_cast<std::size_t>(tensor.row_size()) * element);
  return rows;
}

CallMemory::CallMemory(const Case& the_case, const Signature& signature,
                       std::uint64_t seed_offset) {
  place(the_case, signature, nullptr);
  fill(signature, seed_offset);
}

CallMemory CallMemory::shared(const Case& the_case, const Signature& signature,
                              memory::SharedPages& pages) {
  pages.begin();
  CallMemory memory;
  memory.place(the_case, signature, &pages);
  memory.fill(signature, 0);
  return memory;
}

CallMemory CallMemory::attached(const Case& the_case, const Signature& signature,
                                memory::SharedPages& pages) {
  pages.attach();
  CallMemory memory;
  memory.place(the_case, signature, &pages);
  return memory;
}

void CallMemory::place(const Case& the_case, const Signature& signature,
                       memory::SharedPages* pages) {
  call_.the_case = &the_case;
  for (const InputSpec& spec : signature.inputs) {
    Tensor tensor{.name = spec.name, .dtype = spec.dtype, .dims = spec.dims};
    tensor.row_stride = spec.row_stride;
    tensor.data = buffers_.emplace_back(buffer_for(tensor, pages)).data();
    call_.inputs.push_back(std::move(tensor));
  }
  for (const OutputSpec& spec : signature.outputs) {
    Tensor tensor{.name = spec.name, .dtype = spec.dtype, .dims = spec.dims};
    tensor.data = buffers_.emplace_back(buffer_for(tensor, pages)).data();
    call_.outputs.push_back(std::move(tensor));
  }
}

void CallMemory::fill(const Signature& signature, std::uint64_t seed_offset) {
  for (std::size_t i = 0; i < signature.inputs.size(); ++i) {
    inputs::fill_input(*call_.the_case, signature, signature.inputs[i], call_.inputs[i],
                       seed_offset);
    input_hashes_.push_back(hash_of(call_.inputs[i]));
  }
  for (std::size_t i = 0; i < signature.outputs.size(); ++i) {
    const std::string& starts_as = signature.outputs[i].starts_as;
    if (starts_as.empty())
      memory::poison(call_.outputs[i]);
    else
      copy_input(call_.input(TensorName(starts_as)), call_.outputs[i]);
  }
}

void CallMemory::shield() {
  for (memory::GuardedBuffer& buffer : buffers_) buffer.shield();
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
    if (is_input && hash_of(tensor) != input_hashes_[i])
      return reports::Mismatch{.tensor = tensor.name,
                               .check = "input modified",
                               .got = "other bytes than before the run",
                               .want = "an input that the op leaves as it was"};
  }
  return std::nullopt;
}

}  // namespace packproof::harness
