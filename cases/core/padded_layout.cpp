#include "cases/core/padded_layout.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/core/fnv1a.h"
#include "cases/core/philox.h"

namespace packproof {
namespace {

constexpr std::int64_t kMostPlaces = std::int64_t{1} << 28;
constexpr std::uint64_t kMaskStream = fnv1a("mask");
constexpr std::uint64_t kIdStream = fnv1a("ids");

std::vector<std::int64_t> row_lengths(const Case& c) {
  if (!c.raw_cu_seqlens) return c.lengths;
  std::vector<std::int64_t> lengths;
  for (std::int64_t s = 0; s < c.segments(); ++s) {
    const auto i = static_cast<std::size_t>(s);
    const std::int64_t begin = std::clamp<std::int64_t>((*c.raw_cu_seqlens)[i], 0, c.capacity);
    const std::int64_t end = std::clamp<std::int64_t>((*c.raw_cu_seqlens)[i + 1], 0, c.capacity);
    lengths.push_back(std::max<std::int64_t>(end - begin, 0));
  }
  return lengths;
}

}  // namespace

std::vector<FieldSpec> padded_layout_fields() {
  return {
      {.name = "padding",
       .kind = FieldSpec::Kind::choice,
       .fallback = "right",
       .help = "where pads lie in a padded row: left, right, or middle (anywhere, by the seed)",
       .choices = {"left", "right", "middle"}},
      {.name = "margin",
       .fallback = "0",
       .help = "places of a padded row beyond the longest segment",
       .min = 0,
       .max = 1 << 20,
       .drawn_max = 128},
  };
}

PaddedLayout padded_layout(const Case& c) {
  const std::vector<std::int64_t> lengths = row_lengths(c);
  PaddedLayout layout;
  layout.batch = static_cast<std::int64_t>(lengths.size());
  for (const std::int64_t n : lengths) layout.length = std::max(layout.length, n);
  layout.length += c.integer("margin");
  if (layout.batch > 0 && layout.length > kMostPlaces / layout.batch)
    throw CaseError(fmt::format(
        "a padded layout of {} rows of {} places is beyond the {} that a case may have: use fewer "
        "or shorter segments, or a smaller margin",
        layout.batch, layout.length, kMostPlaces));

  PhiloxSequence draws(c.seed, kMaskStream);
  for (std::int64_t b = 0; b < layout.batch; ++b) {
    std::int64_t left = lengths[static_cast<std::size_t>(b)];  // tokens that still need a place
    for (std::int64_t place = 0; place < layout.length; ++place) {
      const std::int64_t places = layout.length - place;
      bool token = false;
      if (c.is("padding", "left")) {
        token = places <= left;
      } else if (c.is("padding", "right")) {
        token = left > 0;
      } else {  // each choice of places is as likely as any other
        token = draws.below(static_cast<std::uint32_t>(places)) < left;
      }
      if (token) --left;
      layout.mask.push_back(token ? 1 : 0);
      layout.is_pad.push_back(token ? 0 : 1);
    }
  }
  return layout;
}

std::vector<std::uint8_t> packed_slack(const Case& c) {
  std::vector<std::uint8_t> slack(static_cast<std::size_t>(c.capacity), 1);
  std::fill_n(slack.begin(), std::min(c.valid_tokens(), c.capacity), std::uint8_t{0});
  return slack;
}

std::vector<std::int64_t> generated_ids(const Case& c, const std::vector<std::uint8_t>& slack_rows,
                                        std::int64_t features) {
  const std::int64_t slack_id =
      c.slack == SlackFill::zero ? 0 : std::numeric_limits<std::int64_t>::min();
  PhiloxSequence draws(c.seed, kIdStream);
  std::vector<std::int64_t> ids;
  for (const std::uint8_t slack : slack_rows) {
    for (std::int64_t i = 0; i < features; ++i) {
      const std::int64_t high = draws.below(1u << 8);
      const std::int64_t id = (high << 32) + draws.next();
      ids.push_back(slack != 0 ? slack_id : id);
    }
  }
  return ids;
}

}  // namespace packproof
