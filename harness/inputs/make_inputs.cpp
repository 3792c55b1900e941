#include "harness/inputs/make_inputs.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "cases/core/fnv1a.h"
#include "cases/language/cu_seqlens_fault.h"
#include "harness/inputs/element_values.h"
#include "harness/inputs/special_rows.h"

namespace packproof::inputs {
namespace {

void check_fit(const Signature& signature, const InputSpec& spec, const Tensor& into) {
  bool listed = false;
  for (const InputSpec& input : signature.inputs) listed = listed || input.name == spec.name;
  if (!listed) throw std::logic_error(fmt::format("input '{}' is not in the signature", spec.name));
  if (into.name != spec.name || into.dtype != spec.dtype || into.dims != spec.dims ||
      into.row_stride != spec.row_stride)
    throw std::logic_error(
        fmt::format("tensor '{}' does not have the name, dtype, dims and row stride of "
                    "input '{}'",
                    into.name, spec.name));
  if (spec.row_stride != 0 && spec.row_stride < into.row_size())
    throw std::logic_error(fmt::format("input '{}': rows of {} elements overlap, {} apart",
                                       spec.name, into.row_size(), spec.row_stride));
}

// Not through double, which would round int64 beyond 2^53.
template <class Int>
void store_integer(const Tensor& into, std::int64_t index, std::int64_t value) {
  const auto narrow = static_cast<Int>(value);
  if (static_cast<std::int64_t>(narrow) != value)
    throw std::logic_error(fmt::format("input '{}': element {} is {}, which {} cannot hold",
                                       into.name, index, value, name_of(into.dtype)));
  std::memcpy(static_cast<Int*>(into.data) + into.place(index), &narrow, sizeof narrow);
}

void store_values(const InputSpec& spec, const Tensor& into) {
  if (static_cast<std::int64_t>(spec.values.size()) != into.count())
    throw std::logic_error(fmt::format("input '{}' has {} elements and {} values", spec.name,
                                       into.count(), spec.values.size()));
  std::int64_t index = 0;
  for (std::int64_t value : spec.values) {
    switch (into.dtype) {
      case DType::int32:
        store_integer<std::int32_t>(into, index, value);
        break;
      case DType::int64:
        store_integer<std::int64_t>(into, index, value);
        break;
      case DType::uint8:
        store_integer<std::uint8_t>(into, index, value);
        break;
      default:
        store(into, index, static_cast<double>(value));
    }
    ++index;
  }
}

double slack_value(SlackFill slack, DType dtype) {
  switch (slack) {
    case SlackFill::zero:
      return 0;
    case SlackFill::nan:
      return std::numeric_limits<double>::quiet_NaN();
    case SlackFill::inf:
      return std::numeric_limits<double>::infinity();
    case SlackFill::huge:
      return largest_finite(dtype);
  }
  throw std::logic_error("unknown slack fill");
}

std::optional<std::size_t> token_axis(const Dims& dims) {
  for (std::size_t i = 0; i < dims.size(); ++i)
    if (dims[i].axis == Axis::token) return i;
  return std::nullopt;
}

// The first row of the packed layout that no segment owns.
std::int64_t valid_rows(const Case& the_case) {
  if (the_case.raw_cu_seqlens) {
    if (find_fault(*the_case.raw_cu_seqlens, the_case.capacity))
      return std::numeric_limits<std::int64_t>::max();
    return the_case.raw_cu_seqlens->back();
  }
  return the_case.valid_tokens();
}

void fill_slack(const Case& the_case, const Tensor& into) {
  const auto axis = token_axis(into.dims);
  if (!axis) return;
  const std::int64_t rows = into.dims[*axis].size;
  const std::int64_t valid = valid_rows(the_case);
  if (valid >= rows || into.count() == 0) return;
  std::int64_t row_size = 1;  // elements of one row, for one place on the axes before
  for (std::size_t i = *axis + 1; i < into.dims.size(); ++i) row_size *= into.dims[i].size;
  const double value = slack_value(the_case.slack, into.dtype);
  for (std::int64_t start = 0; start < into.count(); start += rows * row_size)
    for (std::int64_t i = valid * row_size; i < rows * row_size; ++i) store(into, start + i, value);
}

// The rows that `flags` picks of all: see InputSpec::slack_rows.
void fill_rows(const Tensor& into, const std::vector<std::uint8_t>& flags, double value) {
  if (flags.empty()) return;
  const auto rows = static_cast<std::int64_t>(flags.size());
  if (into.count() % rows != 0)
    throw std::logic_error(fmt::format("input '{}' has {} elements, not whole rows for {} flags",
                                       into.name, into.count(), rows));
  const std::int64_t row_size = into.count() / rows;
  for (std::int64_t row = 0; row < rows; ++row) {
    if (flags[static_cast<std::size_t>(row)] == 0) continue;
    for (std::int64_t i = row * row_size; i < (row + 1) * row_size; ++i) store(into, i, value);
  }
}

// What lies between the rows of a slice is another tensor's.
void fill_gaps(const Tensor& into, double value) {
  if (into.row_stride == 0 || into.count() == 0 || into.is_sparse()) return;
  const std::int64_t gap = into.row_stride - into.row_size();
  const auto element = static_cast<std::int64_t>(size_of(into.dtype));
  for (std::int64_t row = 0; row + 1 < into.size(0); ++row) {
    const std::int64_t end = row * into.row_stride + into.row_size();
    const Tensor between{.name = into.name,
                         .dtype = into.dtype,
                         .dims = {{Axis::entry, gap}},
                         .data = into.as<std::byte>() + end * element};
    for (std::int64_t i = 0; i < gap; ++i) store(between, i, value);
  }
}

// Calls `part` on parts of [0, count): at once by as many threads as the machine has, where there
// is work for them.
void over_threads(std::int64_t count,
                  const std::function<void(std::int64_t begin, std::int64_t end)>& part) {
  constexpr std::int64_t kWorthAThread = 1 << 20;
  const std::int64_t threads = std::clamp<std::int64_t>(
      count / kWorthAThread, 1, std::max(std::thread::hardware_concurrency(), 1u));
  std::vector<std::jthread> others;
  others.reserve(static_cast<std::size_t>(threads - 1));
  for (std::int64_t i = 1; i < threads; ++i)
    others.emplace_back(part, count * i / threads, count * (i + 1) / threads);
  part(0, count / threads);
}

}  // namespace

void fill_input(const Case& the_case, const Signature& signature, const InputSpec& spec,
                const Tensor& into, std::uint64_t seed_offset) {
  check_fit(signature, spec, into);
  if (!spec.values.empty()) {
    store_values(spec, into);
  } else if (is_floating(into.dtype)) {
    const ElementRule rule{.fill = the_case.fill,
                           .dtype = into.dtype,
                           .scale = spec.scale,
                           .spread = spec.spread,
                           .key = philox_key(the_case.seed + seed_offset),
                           .stream = fnv1a(spec.name)};
    ElementRule ordinary = rule;
    ordinary.fill = Fill::normal;
    const SpecialRows specials(the_case, signature, spec);
    over_threads(into.count(), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        store(into, i,
              element_value(specials.may_hold(i) ? rule : ordinary, static_cast<std::uint64_t>(i)));
    });
  } else if (into.count() != 0) {
    throw std::logic_error(
        fmt::format("input '{}' is of {} and has no values", spec.name, name_of(into.dtype)));
  }
  if (!is_floating(into.dtype)) return;
  fill_rows(into, spec.zero_rows, 0);
  fill_slack(the_case, into);
  fill_rows(into, spec.slack_rows, slack_value(the_case.slack, into.dtype));
  fill_gaps(into, slack_value(the_case.slack, into.dtype));
}

}  // namespace packproof::inputs
