// position_ids_from_cu_seqlens: the position_ids of packed text, as a collator builds them.
#include "cases/op_forms.h"

#include <string_view>

#include "cases/forms/boundary_input.h"

namespace packproof::cases {
namespace {

Signature signature(const Case& c) {
  // -1 in slack is part of the op's definition, so slack is judged like any other element.
  Dims dims = {{Axis::token, c.capacity}};
  if (c.is("form", "mrope3")) dims.insert(dims.begin(), {Axis::entry, 3});
  if (c.is("form", "mrope4")) dims.insert(dims.begin(), {Axis::entry, 4});
  return {.inputs = {cu_seqlens_input_of_any_dtype(c)},
          .outputs = {{.name = "position_ids", .dtype = DType::int64, .dims = dims}}};
}

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
};

constexpr std::string_view kFull[] = {
    "len=gsm8k@32768 cap=32768",
    "len=code@32768 cap=32768",
    "form=mrope3 len=gsm8k@32768 cap=32768",
    "form=mrope4 len=65536*1 cap=65537",
};

std::vector<std::string> quick() {
  return descriptors_of("position_ids_from_cu_seqlens", {kQuick, refused_boundaries()});
}

std::vector<std::string> full() { return descriptors_of("position_ids_from_cu_seqlens", {kFull}); }

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
                 cu_dtype_field()},
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = {.quick = quick, .full = full}};
}

}  // namespace packproof::cases
