#include "harness/looks_like/supposition.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <map>

namespace packproof::verdict {
namespace {

// Of all questions together: some dozens about small calls, a few about large ones.
constexpr std::int64_t kMostElements = std::int64_t{1} << 23;

// Errors of a recurrence are linear in the state that a segment starts from: where a fault lets
// through a part of it, each segment's errors are a factor times those of all of it.
class LinearFit {
 public:
  void add(std::int64_t segment, double error, double supposed) {
    Sums& sums = sums_[segment];
    sums.ee += error * error;
    sums.ed += error * supposed;
    sums.dd += supposed * supposed;
    ++elements_;
  }
  std::string explains() const {
    constexpr double kLeft = 0.03, kLeast = 0.05, kMost = 4;
    constexpr std::size_t kElements = 12;
    double before = 0, left = 0, least = INFINITY, most = 0;
    for (const auto& [segment, sums] : sums_) {
      const double factor = sums.ed / sums.dd;
      if (!(factor >= kLeast && factor <= kMost)) return {};
      least = std::min(least, factor);
      most = std::max(most, factor);
      before += sums.ee;
      left += sums.ee - factor * sums.ed;
    }
    if (elements_ < kElements * std::max<std::size_t>(sums_.size(), 1) || !(left <= kLeft * before))
      return {};
    return least == most ? fmt::format("gives these errors, but for a factor of {:.2g}", least)
                         : fmt::format("gives these errors, but for factors of {:.2g} to {:.2g}",
                                       least, most);
  }

 private:
  struct Sums {
    double ee = 0, ed = 0, dd = 0;
  };
  std::map<std::int64_t, Sums> sums_;
  std::size_t elements_ = 0;
};

}  // namespace

Supposition::Supposition(const FaultView& view) : view_(view) {
  if (view_.evidence().what_if == nullptr) return;
  for (const std::vector<Tensor>* tensors : {&call().inputs, &call().outputs})
    for (const Tensor& tensor : *tensors) elements_ += tensor.count();
  may_ask_ = kMostElements;
}

std::optional<ReferenceTensor> Supposition::ask(const AlteredCall& altered) const {
  may_ask_ -= elements_;
  if (may_ask_ < 0) return {};
  try {
    for (ReferenceTensor& tensor : view_.evidence().what_if->reference(altered.call()))
      if (tensor.name == view_.spec().name) return std::move(tensor);
  } catch (const std::exception&) {
    // A call that the reference does not take explains nothing.
  }
  return {};
}

std::string Supposition::explains(const Cut& cut, bool linear) const {
  AlteredCall altered(call());
  if (!altered.set_pieces(cut.pieces)) return {};
  const std::optional<ReferenceTensor> other = ask(altered);
  if (!other) return {};
  const OutputLayout& layout = view_.layout();
  const auto size = static_cast<std::int64_t>(std::max(other->value.size(), other->bits.size()));
  Closeness closeness;
  LinearFit fit;
  for (const std::int64_t e : view_.wrong()) {
    std::int64_t at = e;
    if (layout.rows() == OutputLayout::Rows::segment) {
      const std::int64_t row = layout.row_of(e);
      const std::int64_t entry = cut.entries[static_cast<std::size_t>(row)];
      if (entry < 0) continue;
      at += (entry - row) * layout.row_stride();
    }
    if (at >= size) return {};
    closeness.add(view_, e, *other, at);
    const double error = view_.got(e) - view_.want(e);
    const double supposed = view_.value_of(*other, at) - view_.want(e);
    if (std::isfinite(error) && std::isfinite(supposed))
      fit.add(view_.segment(layout.row_of(e)), error, supposed);
  }
  if (closeness.elements() * 4 < view_.wrong().size() * 3) return {};
  if (closeness.explains()) return "gives these values";
  return linear && !view_.by_bits() ? fit.explains() : std::string();
}

}  // namespace packproof::verdict
