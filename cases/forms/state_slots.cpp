#include "cases/forms/state_slots.h"

#include "cases/core/call.h"

namespace packproof {
namespace {

constexpr std::int64_t kUnusedSlots = 2;

}  // namespace

FieldSpec slot_indices_field() {
  return {.name = "indices",
          .kind = FieldSpec::Kind::choice,
          .fallback = "none",
          .help =
              "where the states lie: in the order of segments, or in slots that are given; every "
              "third segment without a slot; a slot beyond the last; a slot given twice",
          .choices = {"none", "given", "padded", "beyond", "twice"},
          .refused = {"beyond", "twice"}};
}

bool has_slot_indices(const Case& c) { return !c.is("indices", "none"); }

Dim state_slots(const Case& c) {
  return has_slot_indices(c) ? Dim{Axis::entry, c.segments() + kUnusedSlots}
                             : Dim{Axis::segment, c.segments()};
}

InputSpec slot_indices_input(const Case& c, const std::string& name) {
  const std::int64_t slots = state_slots(c).size;
  InputSpec indices{.name = name, .dtype = DType::int32, .dims = {{Axis::segment, c.segments()}}};
  for (std::int64_t s = 0; s < c.segments(); ++s)
    indices.values.push_back(c.is("indices", "padded") && s % 3 == 1 ? -1 : slots - 1 - s);
  if (indices.values.empty()) return indices;
  if (c.is("indices", "beyond")) indices.values.back() = slots;
  if (c.is("indices", "twice") && c.segments() < 2)
    throw CaseError("indices=twice needs two segments, to give one slot to both");
  if (c.is("indices", "twice")) indices.values.back() = indices.values.front();
  return indices;
}

}  // namespace packproof
