#include "cases/forms/token_op_cases.h"

#include <array>

#include <fmt/format.h>

#include "cases/lengths/length_families.h"

namespace packproof {
namespace {

constexpr std::int64_t kWidth = 4;
constexpr std::int64_t kChunk = 16;
constexpr std::array kDirections = {"fwd", "bwd"};

}  // namespace

std::vector<std::string> token_op_layouts(std::string_view op,
                                          const std::vector<FieldTurns>& fields, int rounds) {
  const std::vector<EdgeLayout> layouts = edge_catalogue(kWidth, kChunk);
  std::vector<std::string> all;
  for (std::size_t i = 0; i < layouts.size() * static_cast<std::size_t>(rounds); ++i) {
    const std::size_t round = i / layouts.size();
    std::string text = fmt::format("{}:{}", op, kDirections[(i + round) % kDirections.size()]);
    for (const FieldTurns& field : fields)
      text += fmt::format(" {}={}", field.name,
                          field.values[i / kDirections.size() / field.every % field.values.size()]);
    all.push_back(
        fmt::format("{} {} seed={}", text, layouts[i % layouts.size()].descriptor_part(), i + 1));
  }
  return all;
}

std::vector<std::string> token_op_contracts(std::string_view op, std::string_view fields) {
  constexpr std::array kForward = {
      // A falling, a late and an overlong cu_seqlens, and one that wrapped around.
      "cu_seqlens=0,5,3,8 cap=8 seed=1 contract=C7 expect=refused",
      "cu_seqlens=1,5,8 cap=8 seed=1 contract=C7 expect=refused",
      "cu_seqlens=0,5,9 cap=8 seed=1 contract=C7 expect=refused",
      "cu_seqlens=0,5,-2147483648 cap=8 seed=1 contract=C7 expect=refused",
      "len=9,2 cap=31 slack=nan seed=1 contract=C8",
      "len=9,0,2 cap=31 slack=inf seed=1 contract=C8",
  };
  constexpr std::array kBackward = {
      "cu_seqlens=0,5,3,8 cap=8 seed=1 contract=C7 expect=refused",
      "len=9,2 cap=31 slack=nan seed=1 contract=C8",
      "len=9,0,2 cap=31 slack=inf seed=1 contract=C8",
      "dtype=fp32 len=9,2 cap=31 slack=huge seed=1 contract=C8",
      "dtype=fp16 len=9,2,0 cap=31 slack=zero seed=1 contract=C8",
      // Nothing but slack.
      "len=0,0 cap=20 slack=nan seed=1 contract=C8",
      // No row at all: launches of nothing, and sums over nothing.
      "len=0,0 seed=1",
  };
  std::vector<std::string> all;
  all.reserve(kForward.size() + kBackward.size());
  for (const char* rest : kForward) all.push_back(fmt::format("{}:fwd {} {}", op, fields, rest));
  for (const char* rest : kBackward) all.push_back(fmt::format("{}:bwd {} {}", op, fields, rest));
  return all;
}

FieldSpec zeros_field() {
  return {.name = "zeros",
          .kind = FieldSpec::Kind::choice,
          .fallback = "none",
          .help = "heads of tokens whose features are all zero: none, every third, or all",
          .choices = {"none", "some", "all"}};
}

std::vector<std::uint8_t> zero_heads(const Case& the_case) {
  if (the_case.is("zeros", "none")) return {};
  std::vector<std::uint8_t> flags(
      static_cast<std::size_t>(the_case.capacity * the_case.integer("heads")));
  for (std::size_t row = 0; row < flags.size(); ++row)
    flags[row] = the_case.is("zeros", "all") || row % 3 == 1 ? 1 : 0;
  return flags;
}

}  // namespace packproof
