#include "cases/core/call.h"

#include <algorithm>

#include <fmt/format.h>

namespace packproof {
namespace {

const Tensor* find(const std::vector<Tensor>& tensors, std::string_view name) {
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [name](const Tensor& tensor) { return tensor.name == name; });
  return found == tensors.end() ? nullptr : &*found;
}

const Tensor& need(const Call& call, const std::vector<Tensor>& tensors, std::string_view kind,
                   std::string_view name) {
  if (const Tensor* tensor = find(tensors, name)) return *tensor;
  throw std::logic_error(fmt::format("call of '{}' has no {} '{}'",
                                     call.the_case ? call.the_case->op : "?", kind, name));
}

}  // namespace

const Tensor& Call::input(TensorName name) const {
  return need(*this, inputs, "input", name.text());
}

const Tensor& Call::output(TensorName name) const {
  return need(*this, outputs, "output", name.text());
}

bool Call::has_input(TensorName name) const { return find(inputs, name.text()) != nullptr; }
bool Call::has_output(TensorName name) const { return find(outputs, name.text()) != nullptr; }

Returned all_outputs(const Call& call) {
  Returned names;
  names.reserve(call.outputs.size());
  for (const Tensor& tensor : call.outputs) names.push_back(tensor.name);
  return names;
}

}  // namespace packproof
