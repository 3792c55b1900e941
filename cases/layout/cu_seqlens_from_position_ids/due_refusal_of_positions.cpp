#include "cases/layout/cu_seqlens_from_position_ids/due_refusal_of_positions.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "cases/language/cu_seqlens_fault.h"

namespace packproof::cases {
namespace {

constexpr std::int64_t kPad = -1;

// The positions as [components, rows * row_tokens].
class Positions {
 public:
  explicit Positions(const InputSpec& ids)
      : ids_(ids.values),
        row_tokens_(ids.dims.back().size),
        tokens_(row_tokens_ * ids.dims[ids.dims.size() - 2].size),
        is_mrope_(ids.dims.size() == 3 && ids.dims.front().size == 3) {}

  std::int64_t tokens() const { return tokens_; }
  std::int64_t operator[](std::int64_t token) const {
    return ids_[static_cast<std::size_t>(token)];
  }
  bool is_pad(std::int64_t token) const { return (*this)[token] == kPad; }

  // Whether a segment or a run of pads begins here.
  bool opens(std::int64_t token) const {
    if (token % row_tokens_ == 0 || is_pad(token) != is_pad(token - 1)) return true;
    if (is_pad(token)) return false;
    const std::int64_t id = (*this)[token], previous = (*this)[token - 1];
    if (!is_mrope_) return id == 0 || id != previous + 1;
    const bool all_zero =
        id == 0 && (*this)[tokens_ + token] == 0 && (*this)[2 * tokens_ + token] == 0;
    return all_zero || id < previous;
  }

 private:
  const std::vector<std::int64_t>& ids_;
  std::int64_t row_tokens_, tokens_;
  bool is_mrope_;
};

std::string refused_alone(const Positions& positions, bool pads_own_segments) {
  bool pad_seen = false;
  for (std::int64_t t = 0; t < positions.tokens(); ++t) {
    if (positions[t] < kPad) return fmt::format("position {} of token {}", positions[t], t);
    if (pad_seen && !pads_own_segments && !positions.is_pad(t))
      return fmt::format("token {} behind a pad without pads=segment", t);
    pad_seen |= positions.is_pad(t);
  }
  return {};
}

std::string refused_beside(const std::vector<std::int64_t>& boundaries, const Positions& positions,
                           bool pads_own_segments) {
  if (const auto fault = find_fault(boundaries, positions.tokens())) return fault->what;
  const bool pads_follow = boundaries.back() < positions.tokens();
  const auto segments = static_cast<std::int64_t>(boundaries.size()) - 1;
  if (segments + (pads_own_segments && pads_follow ? 1 : 0) > positions.tokens())
    return fmt::format("a cu_seq_lens_q of {} segments for {} tokens", segments,
                       positions.tokens());
  for (std::int64_t t = 0; t < boundaries.back(); ++t) {
    if (positions[t] < kPad) return fmt::format("position {} of token {}", positions[t], t);
    if (positions.is_pad(t) && !pads_own_segments)
      return fmt::format("a cu_seq_lens_q that takes pad {} for a token", t);
    const bool begins = std::binary_search(boundaries.begin(), boundaries.end(), t);
    if (begins != positions.opens(t))
      return fmt::format("a cu_seq_lens_q that begins {} segment at token {}", begins ? "a" : "no",
                         t);
  }
  return {};
}

}  // namespace

std::string due_refusal_of_positions(const Case& c, const Signature& signature) {
  const Positions positions(signature.inputs.front());
  const bool pads_own_segments = c.is("pads", "segment");
  if (!c.is("supplied", "present")) return refused_alone(positions, pads_own_segments);
  return refused_beside(signature.inputs.back().values, positions, pads_own_segments);
}

}  // namespace packproof::cases
