#include "harness/looks_like/fault_parts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace packproof::verdict {
namespace {

constexpr std::int64_t kMostHeads = 8;

// Inputs that have the same heads: those that one index goes through.
struct Group {
  std::vector<std::string> inputs;
  std::int64_t heads = 0;
};

bool has_heads(const Tensor& input) {
  return is_floating(input.dtype) && axis_place(input.dims, Axis::token) == 0 &&
         axis_place(input.dims, Axis::head) == 1 && input.size(1) > 1 &&
         input.size(1) <= kMostHeads;
}

// Those with the fewest heads together, then each by itself.
std::vector<Group> groups_of(const Call& call) {
  std::int64_t fewest = kMostHeads + 1;
  std::vector<Group> groups(1);
  for (const Tensor& input : call.inputs)
    if (has_heads(input)) fewest = std::min(fewest, input.size(1));
  for (const Tensor& input : call.inputs) {
    if (!has_heads(input)) continue;
    if (input.size(1) == fewest) groups[0].inputs.push_back(input.name);
    groups.push_back({{input.name}, input.size(1)});
  }
  groups[0].heads = fewest;
  return groups;
}

// Every head of the group's inputs becomes that one.
void read_head(AlteredCall& altered, const Group& group, std::int64_t head) {
  for (const std::string& name : group.inputs) {
    const Tensor before = altered.call().input(TensorName(name));
    const std::int64_t stride = axis_stride(before.dims, 1), heads = before.size(1);
    altered.edit(name, [&](std::int64_t e) {
      return load(before, e + (head - e / stride % heads) * stride);
    });
  }
}

}  // namespace

Clue find_other_head(const Supposition& suppose) {
  const FaultView& view = suppose.view();
  const OutputLayout& layout = view.layout();
  if (!layout.has_heads() || layout.head_count() < 2 || view.by_bits()) return {};
  std::map<std::int64_t, std::vector<std::int64_t>> wrong;
  for (const std::int64_t e : view.wrong()) wrong[layout.head_of(e)].push_back(e);
  for (const Group& group : groups_of(suppose.call())) {
    if (group.inputs.empty() || layout.head_count() % group.heads != 0) continue;
    std::map<std::int64_t, std::int64_t> source;
    for (std::int64_t head = 0; head < group.heads && source.size() < wrong.size(); ++head) {
      AlteredCall altered(suppose.call());
      read_head(altered, group, head);
      const std::optional<ReferenceTensor> other = suppose.ask(altered);
      if (!other) continue;
      for (const auto& [at, elements] : wrong) {
        if (source.contains(at) || at / (layout.head_count() / group.heads) == head) continue;
        Closeness closeness;
        for (const std::int64_t e : elements) closeness.add(view, e, *other, e);
        if (closeness.explains()) source[at] = head;
      }
    }
    if (source.size() < wrong.size() || source.empty()) continue;
    std::string because;
    for (const auto& [at, head] : source)
      because += fmt::format("{}head {} reads head {}", because.empty() ? "" : ", ", at, head);
    return FaultGuess{
        group.heads < layout.head_count() ? "wrong key head of a group" : "wrong head",
        fmt::format("by the reference, {} of {}", because, fmt::join(group.inputs, " and "))};
  }
  return {};
}

}  // namespace packproof::verdict
