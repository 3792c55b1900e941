#include "harness/inputs/special_rows.h"

#include <algorithm>

namespace packproof::inputs {
namespace {

bool is_recurrence(const Signature& signature) {
  return std::any_of(signature.outputs.begin(), signature.outputs.end(),
                     [](const OutputSpec& output) { return output.bound == ElementBound::none; });
}

std::uint8_t held(std::size_t segment) {
  return segment_holds_specials(static_cast<std::int64_t>(segment)) ? 1 : 0;
}

std::vector<std::uint8_t> every_second_segment(const Case& c, const Dim& dim) {
  std::vector<std::uint8_t> rows(static_cast<std::size_t>(dim.size), 0);
  if (dim.axis == Axis::segment) {
    for (std::size_t s = 0; s < rows.size(); ++s) rows[s] = held(s);
    return rows;
  }
  auto row = rows.begin();
  for (std::size_t s = 0; s < c.lengths.size(); ++s)
    row = std::fill_n(row, std::min<std::int64_t>(c.lengths[s], rows.end() - row), held(s));
  return rows;
}

}  // namespace

SpecialRows::SpecialRows(const Case& c, const Signature& signature, const InputSpec& spec) {
  if (c.fill != Fill::specials || !is_recurrence(signature)) return;
  for (std::size_t i = 0; i < spec.dims.size(); ++i) {
    const Axis axis = spec.dims[i].axis;
    if (axis == Axis::entry) return;  // slots, whose segments only the case's indices know
    if (axis != Axis::token && axis != Axis::segment) continue;
    rows_ = every_second_segment(c, spec.dims[i]);
    for (std::size_t k = i + 1; k < spec.dims.size(); ++k) row_size_ *= spec.dims[k].size;
    return;
  }
  rows_ = {0};
}

}  // namespace packproof::inputs
