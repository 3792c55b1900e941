#include "harness/ops/compose/part.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/ops/compose/linear_part.h"
#include "harness/ops/op_list.h"
#include "reference/conv/causal_conv1d/causal_conv1d_judged.h"
#include "reference/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_judged.h"
#include "reference/delta_rule/gdn_gating/gdn_gating_judged.h"
#include "reference/norm/rms_norm_gated/rms_norm_gated_judged.h"

namespace packproof::harness {
namespace {

std::vector<std::int64_t> sizes_of(const Dims& dims) {
  std::vector<std::int64_t> sizes;
  for (const Dim& dim : dims) sizes.push_back(dim.size);
  return sizes;
}

template <class Spec>
std::string text(const Spec& spec) {
  return fmt::format("{} [{}]", name_of(spec.dtype), fmt::join(sizes_of(spec.dims), ", "));
}

enum class Axes : std::uint8_t { same, rows_of_as_many };

bool fits(const Dims& found, const Dims& wanted, Axes axes) {
  if (axes == Axes::same) return sizes_of(found) == sizes_of(wanted);
  return !found.empty() && !wanted.empty() && found[0].size == wanted[0].size &&
         element_count(found) == element_count(wanted);
}

template <class Specs>
void check_ports(const char* kind, const std::vector<Tensor>& ports, const Specs& wanted,
                 Axes axes) {
  for (const auto& spec : wanted) {
    const auto port = std::find_if(ports.begin(), ports.end(),
                                   [&](const Tensor& tensor) { return tensor.name == spec.name; });
    if (port == ports.end())
      throw std::logic_error(fmt::format("no edge is at its {} '{}'", kind, spec.name));
    if (port->dtype != spec.dtype || !fits(port->dims, spec.dims, axes))
      throw std::logic_error(fmt::format("its {} '{}' is {}, and the edge there is {}", kind,
                                         spec.name, text(spec), text(*port)));
  }
  for (const Tensor& port : ports)
    if (std::none_of(wanted.begin(), wanted.end(),
                     [&](const auto& spec) { return spec.name == port.name; }))
      throw std::logic_error(fmt::format("it has no {} '{}'", kind, port.name));
}

}  // namespace

void check_against(const Signature& wanted, const Call& shapes) {
  check_ports("input", shapes.inputs, wanted.inputs, Axes::same);
  check_ports("output", shapes.outputs, wanted.outputs, Axes::rows_of_as_many);
}

std::optional<Part> find_part(std::string_view name) {
  using Judged = void (*)(const reference::JudgedCall&);
  static const std::map<std::string_view, Judged> kJudged = {
      {"causal_conv1d", reference::causal_conv1d_judged},
      {"gdn_gating", reference::gdn_gating_judged},
      {"chunk_gated_delta_rule", reference::chunk_gated_delta_rule_judged},
      {"rms_norm_gated", reference::rms_norm_gated_judged},
  };
  if (name == "linear") return linear_part();
  const auto judged = kJudged.find(name);
  const Op* op = find_op(name);
  if (op == nullptr || judged == kJudged.end()) return std::nullopt;
  return Part{.fields = op->form.fields,
              .check = [op](const Call& s) { check_against(op->form.signature(*s.the_case), s); },
              .ours = [op](const DeviceCall& call, std::int64_t) { op->ours(call); },
              .plain = [op](const Call& call) { op->plain(call); },
              .judged = judged->second};
}

}  // namespace packproof::harness
