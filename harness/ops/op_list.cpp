#include "harness/ops/op_list.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace packproof::harness {

std::span<const Op> all_ops() {
  static const std::vector<Op> list = [] {
    std::vector<Op> built = {
#define PACKPROOF_OP(family, name) ops::name(),
#include "harness/ops/ops.def"
#undef PACKPROOF_OP
    };
    for (auto op = built.begin(); op != built.end(); ++op)
      if (std::any_of(built.begin(), op,
                      [&](const Op& earlier) { return earlier.form.name == op->form.name; }))
        throw std::logic_error("two ops are named " + op->form.name);
    return built;
  }();
  return list;
}

const Op* find_op(std::string_view name) {
  for (const Op& op : all_ops())
    if (op.form.name == name) return &op;
  return nullptr;
}

OpLookup op_lookup() {
  OpLookup lookup;
  lookup.find = [](std::string_view name) {
    const Op* op = find_op(name);
    return op ? &op->form : nullptr;
  };
  for (const Op& op : all_ops()) lookup.names.push_back(op.form.name);
  return lookup;
}

}  // namespace packproof::harness
