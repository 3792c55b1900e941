#include "harness/looks_like/fault_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/evidence/limits.h"
#include "harness/memory/element_bits.h"
#include "harness/memory/poison.h"

namespace packproof::verdict {
namespace {

constexpr std::size_t kMostCells = 4096;
constexpr std::size_t kMostWrong = 1 << 16;
constexpr std::size_t kListed = 4;

// Every n-th of too many, from all over.
template <class T>
std::vector<T> thinned(const std::vector<T>& all, std::size_t most) {
  if (all.size() <= most) return all;
  std::vector<T> some;
  for (std::size_t i = 0; i < most; ++i) some.push_back(all[i * all.size() / most]);
  return some;
}

}  // namespace

FaultView::FaultView(const OutputEvidence& evidence, const OutputLayout& layout,
                     const FailedCells& failed)
    : evidence_(evidence),
      layout_(layout),
      failed_(failed),
      row_failed_(static_cast<std::size_t>(layout.row_count()), 0) {
  find_failed();
  find_wrong();
}

std::int64_t FaultView::window() const { return evidence_.boundary_window; }

void FaultView::find_failed() {
  for (std::int64_t row = 0; row < layout_.row_count(); ++row) {
    const bool slack = layout_.is_slack_row(row);
    bool fails = false;
    for (std::int64_t head = 0; head < layout_.head_count(); ++head) {
      const std::int64_t cell = row * layout_.head_count() + head;
      if (!slack) ++ordinary_cells_;
      if (!failed_.any(cell)) continue;
      fails = true;
      if (!slack) cells_.push_back(cell);
    }
    if (!fails) continue;
    if (slack) {
      ++slack_rows_failed_;
      continue;
    }
    row_failed_[static_cast<std::size_t>(row)] = 1;
    rows_.push_back(row);
    const std::int64_t s = segment(row);
    if (s >= 0 && (segments_.empty() || segments_.back() != s)) segments_.push_back(s);
  }
}

void FaultView::find_wrong() {
  constexpr std::size_t kNone = kMostCells;
  std::vector<std::size_t> place(static_cast<std::size_t>(layout_.cell_count()), kNone);
  const std::vector<std::int64_t> looked_at = thinned(cells_, kMostCells);
  for (std::size_t i = 0; i < looked_at.size(); ++i)
    place[static_cast<std::size_t>(looked_at[i])] = i;
  // An element counts as wrong by its share of its cell's error.
  struct Sum {
    double squares = 0;
    std::int64_t elements = 0;
  };
  std::vector<Sum> sums(looked_at.size());
  const auto visit = [&](auto&& look) {
    for (std::int64_t start = 0; start < layout_.element_total(); start += layout_.run_length()) {
      const std::size_t i = place[static_cast<std::size_t>(layout_.cell_of(start))];
      if (i == kNone) continue;
      for (std::int64_t e = start; e < start + layout_.run_length(); ++e) look(e, sums[i]);
    }
  };
  const auto square = [&](std::int64_t e) {
    const double error = got(e) - want(e);
    return error * error;
  };
  if (!by_bits())
    visit([&](std::int64_t e, Sum& sum) {
      if (const double s = square(e); std::isfinite(s)) sum.squares += s;
      ++sum.elements;
    });
  std::vector<std::int64_t> wrong;
  visit([&](std::int64_t e, const Sum& sum) {
    if (!is_wrong(e)) return;
    if (!by_bits() && square(e) * 16 * static_cast<double>(sum.elements) < sum.squares) return;
    wrong.push_back(e);
  });
  wrong_ = thinned(wrong, kMostWrong);
}

bool FaultView::is_wrong(std::int64_t e) const {
  if (by_bits()) return !same_bits(e, *evidence_.candidate.want, e);
  if (memory::is_poison(evidence_.candidate.got, e)) return true;
  const double value = memory::rounded(spec().dtype, want(e));
  return std::isfinite(value) ? got(e) != value
                              : !(std::isnan(value) ? std::isnan(got(e)) : got(e) == value);
}

double FaultView::value_of(const ReferenceTensor& tensor, std::int64_t element) const {
  const auto i = static_cast<std::size_t>(element);
  if (tensor.bits.empty()) return tensor.value[i];
  std::uint64_t bits = tensor.bits[i];
  return load({"", spec().dtype, {}, &bits}, 0);
}

bool FaultView::same_bits(std::int64_t element, const ReferenceTensor& other,
                          std::int64_t at) const {
  const auto i = static_cast<std::size_t>(at);
  return memory::bits_of(evidence_.candidate.got, element) ==
         (other.bits.empty() ? memory::bits_from(spec().dtype, other.value[i]) : other.bits[i]);
}

std::string_view FaultView::row_word() const {
  switch (layout_.rows()) {
    case OutputLayout::Rows::token:
      return "token";
    case OutputLayout::Rows::segment:
      return spec().role == Role::value ? "segment" : "state";
    case OutputLayout::Rows::first_axis:
      break;
  }
  return "row";
}

void Closeness::add(const FaultView& view, std::int64_t element, const ReferenceTensor& other,
                    std::int64_t at) {
  // Few elements can be this close by chance: 1 in 6 of those judged by tolerance.
  constexpr double kClose = 0.03;
  const double got = view.got(element), want = view.want(element);
  const double value = view.value_of(other, at);
  if (elements_++ == 0) first_value_ = got;
  values_differ_ |= got != first_value_;
  if (view.by_bits()) {
    before_ += 1;
    const bool same = view.same_bits(element, other, at);
    after_ += same ? 0 : 1;
    close_ += same ? 1 : 0;
    return;
  }
  const double size = memory::rounded(view.spec().dtype, value);
  if (!std::isfinite(got) || !std::isfinite(size)) {
    const bool same = std::isnan(size) ? std::isnan(got) : got == size;
    close_ += same ? 1 : 0;
    after_ += same ? 0 : INFINITY;
    return;
  }
  const double before = (got - want) * (got - want), after = (got - value) * (got - value);
  if (std::isfinite(before)) before_ += before;
  after_ += after;
  close_ += after <= kClose * before ? 1 : 0;
}

bool Closeness::explains() const {
  constexpr double kLeft = 0.03, kLeftOfFew = 3e-4, kLeftOfOne = 1e-5, kMost = 0.85;
  constexpr std::size_t kFew = 6, kMany = 12;
  // A single one must be all but the same.
  if (elements_ == 1) return before_ > 0 && after_ <= kLeftOfOne * before_;
  if (!values_differ_) return false;
  if (before_ > 0 && after_ <= (elements_ < kFew ? kLeftOfFew : kLeft) * before_) return true;
  return elements_ >= kMany &&
         static_cast<double>(close_) >= kMost * static_cast<double>(elements_);
}

std::string list_of(const std::vector<std::int64_t>& numbers) {
  std::string text;
  const bool all = numbers.size() <= kListed + 1;
  const std::size_t shown = all ? numbers.size() : kListed;
  for (std::size_t i = 0; i < shown; ++i)
    text += fmt::format("{}{}", i == 0 ? "" : all && i + 1 == shown ? " and " : ", ", numbers[i]);
  return all ? text : fmt::format("{} and {} more", text, numbers.size() - shown);
}

std::string counted(std::string_view word, const std::vector<std::int64_t>& numbers) {
  return fmt::format("{}{} {}", word, numbers.size() == 1 ? "" : "s", list_of(numbers));
}

}  // namespace packproof::verdict
