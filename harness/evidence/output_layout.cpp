#include "harness/evidence/output_layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "cases/core/segments.h"

namespace packproof::verdict {
namespace {

std::optional<std::size_t> find_axis(const Dims& dims, Axis axis) {
  for (std::size_t i = 0; i < dims.size(); ++i)
    if (dims[i].axis == axis) return i;
  return std::nullopt;
}

void require_valid(const std::vector<std::int64_t>& cu_seqlens) {
  if (cu_seqlens.empty() || cu_seqlens.front() != 0)
    throw std::invalid_argument("cu_seqlens of the case does not start at 0");
  for (std::size_t i = 1; i < cu_seqlens.size(); ++i)
    if (cu_seqlens[i] < cu_seqlens[i - 1])
      throw std::invalid_argument(fmt::format("cu_seqlens of the case falls from {} to {} at {}",
                                              cu_seqlens[i - 1], cu_seqlens[i], i));
}

}  // namespace

OutputLayout::OutputLayout(const OutputSpec& spec, const Case& the_case)
    : dims_(spec.dims), cu_seqlens_(the_case.cu_seqlens()), count_(element_count(spec.dims)) {
  require_valid(cu_seqlens_);
  for (const Dim& dim : dims_)
    if (dim.size < 0) throw std::invalid_argument("an axis has a negative size");
  const auto token = find_axis(dims_, Axis::token);
  const auto segment = find_axis(dims_, Axis::segment);
  const auto head = find_axis(dims_, Axis::head);
  if (spec.slack != Slack::none && !token)
    throw std::invalid_argument("a slack contract needs a token axis");
  has_slack_ = spec.slack != Slack::none;

  std::size_t row_dim = 0;
  if (token) {
    rows_kind_ = Rows::token;
    row_dim = *token;
    if (dims_[row_dim].size < cu_seqlens_.back())
      throw std::invalid_argument(fmt::format("the token axis has {} rows, cu_seqlens ends at {}",
                                              dims_[row_dim].size, cu_seqlens_.back()));
    segment_of_token_ = packproof::segment_of_token(cu_seqlens_, dims_[row_dim].size);
  } else if (segment) {
    rows_kind_ = Rows::segment;
    row_dim = *segment;
    if (dims_[row_dim].size != segment_count())
      throw std::invalid_argument(
          fmt::format("the segment axis has {} entries, the case {} segments", dims_[row_dim].size,
                      segment_count()));
  }
  if (!dims_.empty()) row_ = part(row_dim);
  has_heads_ = head && rows_kind_ != Rows::first_axis;
  if (has_heads_) head_ = part(*head);
  run_length_ = has_heads_ ? std::min(row_.stride, head_.stride) : row_.stride;
  if (dims_.empty()) run_length_ = 1;
  // Axes of size 0 leave no element to place; strides only have to be fit to divide by.
  for (AxisPart* axis : {&row_, &head_}) axis->stride = std::max<std::int64_t>(axis->stride, 1);
  if (!has_heads_) head_ = {1, std::max<std::int64_t>(count_, 1)};
  run_length_ = std::max<std::int64_t>(run_length_, 1);
}

OutputLayout::AxisPart OutputLayout::part(std::size_t dim) const {
  AxisPart result{dims_[dim].size, 1};
  for (std::size_t i = dim + 1; i < dims_.size(); ++i) result.stride *= dims_[i].size;
  return result;
}

std::int64_t OutputLayout::segment_of_row(std::int64_t row) const {
  switch (rows_kind_) {
    case Rows::token:
      return segment_of_token_[static_cast<std::size_t>(row)];
    case Rows::segment:
      return row;
    case Rows::first_axis:
      return -1;
  }
  return -1;
}

std::int64_t OutputLayout::token_in_segment(std::int64_t row) const {
  return row - cu_seqlens_[static_cast<std::size_t>(segment_of_row(row))];
}

std::int64_t OutputLayout::segment_length(std::int64_t segment) const {
  const auto s = static_cast<std::size_t>(segment);
  return cu_seqlens_[s + 1] - cu_seqlens_[s];
}

bool OutputLayout::has_predecessor(std::int64_t segment) const {
  return cu_seqlens_[static_cast<std::size_t>(segment)] > 0;
}

bool OutputLayout::has_successor(std::int64_t segment) const {
  return cu_seqlens_[static_cast<std::size_t>(segment) + 1] < cu_seqlens_.back();
}

Place OutputLayout::place_of(std::int64_t element) const {
  Place place;
  const std::int64_t row = row_of(element);
  if (const std::int64_t segment = segment_of_row(row); segment >= 0) {
    place.segment = segment;
    if (rows_kind_ == Rows::token) place.token_in_segment = token_in_segment(row);
  }
  if (rows_kind_ == Rows::token) place.token = row;
  std::vector<std::int64_t> index(dims_.size());
  std::int64_t rest = element;
  for (std::size_t i = dims_.size(); i-- > 0;) {
    index[i] = rest % dims_[i].size;
    rest /= dims_[i].size;
    if (dims_[i].axis == Axis::head) place.head = index[i];
    // A wrong boundary is first of all a wrong end.
    if (dims_[i].axis == Axis::boundary) place.segment = std::max<std::int64_t>(index[i] - 1, 0);
  }
  place.index = fmt::format("[{}]", fmt::join(index, ", "));
  return place;
}

}  // namespace packproof::verdict
