#include "cases/position_ids_from_cu_seqlens/position_ids_from_cu_seqlens_form.h"

#include <string_view>

namespace packproof::cases {
namespace {

Signature signature(const Case& c) {
  // -1 in slack is part of the op's definition, so slack is judged like any other element.
  Dims dims = {{Axis::token, c.capacity}};
  if (c.is("form", "mrope3")) dims.insert(dims.begin(), {Axis::entry, 3});
  if (c.is("form", "mrope4")) dims.insert(dims.begin(), {Axis::entry, 4});
  return {.inputs = {{.name = "cu_seqlens",
                      .dtype = *dtype_named(c.word("cu_dtype")),
                      .dims = {{Axis::boundary, c.segments() + 1}},
                      .values = c.cu_seqlens()}},
          .outputs = {{.name = "position_ids", .dtype = DType::int64, .dims = dims}}};
}

// Without the op's name, which every one begins with.
constexpr std::string_view kQuick[] = {
    "len=1",
    "len=5,3",
    "len=9*1",
    "len=0,4,0,0,3,0",
    "len=2*0",
    "len=0 cap=5",
    "len=7,6 cap=19 contract=C8",
    "len=3,0 cap=8 contract=C8",
    "len=513",
    "len=511,2,510 cap=1026",
    "form=mrope3 len=5,3",
    "form=mrope3 len=4,3 cap=9 contract=C8",  // odd: the second plane is not 16-byte aligned
    "form=mrope3 len=1,0,1 cap=2",
    "form=mrope4 len=5,0,4",
    "form=mrope4 len=600,425 cap=1027 contract=C8",
    "cu_seqlens=0,5,3,8 cap=8 contract=C7 expect=refused",
    "cu_seqlens=1,5,8 cap=8 contract=C7 expect=refused",
    "cu_seqlens=0,5,9 cap=8 contract=C7 expect=refused",
    "len=5,3 cu_dtype=int64 contract=C7 expect=refused",
};

constexpr std::string_view kFull[] = {
    "len=gsm8k@32768 cap=32768",
    "len=code@32768 cap=32768",
    "form=mrope3 len=gsm8k@32768 cap=32768",
    "form=mrope4 len=65536*1 cap=65537",
};

std::vector<std::string> descriptors(Tier tier) {
  std::vector<std::string> made;
  const auto add = [&](const auto& texts) {
    for (std::string_view text : texts)
      made.push_back("position_ids_from_cu_seqlens " + std::string(text) + " seed=1");
  };
  switch (tier) {
    case Tier::quick:
      add(kQuick);
      break;
    case Tier::full:
      add(kFull);
      break;
    case Tier::nightly:
      break;
  }
  return made;
}

}  // namespace

OpForm position_ids_from_cu_seqlens_form() {
  return {
      .name = "position_ids_from_cu_seqlens",
      .directions = {Direction::fwd},
      .dtypes = {},
      .fields = {{.name = "form",
                  .kind = FieldSpec::Kind::choice,
                  .fallback = "plain",
                  .help = "position_ids as [T], [3, T] or [4, T]; of text, so all rows are equal",
                  .choices = {"plain", "mrope3", "mrope4"}},
                 {.name = "cu_dtype",
                  .kind = FieldSpec::Kind::choice,
                  .fallback = "int32",
                  .help = "dtype of cu_seqlens; int64 is refused",
                  .choices = {"int32", "int64"}}},
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = descriptors};
}

}  // namespace packproof::cases
