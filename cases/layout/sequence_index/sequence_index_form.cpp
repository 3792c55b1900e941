// sequence_index: the segment of each token, as kernels that take `seq_idx` want it.
#include "cases/op_forms.h"

#include <string_view>

#include "cases/forms/boundary_input.h"

namespace packproof::cases {
namespace {

Signature signature(const Case& c) {
  return {
      .inputs = {cu_seqlens_input_of_any_dtype(c)},
      // -1 in slack is part of the op's definition, so slack is judged like any other element.
      .outputs = {{.name = "sequence_index",
                   .dtype = DType::int32,
                   .dims = {{Axis::token, c.capacity}}}},
  };
}

constexpr std::string_view kQuick[] = {
    "len=5,3",
    "len=1",
    "len=9*1",
    "len=0,4,0,0,3,0",
    "len=2*0",
    "len=0 cap=5",
    "len=7,6 cap=19",
    "len=3,0 cap=8",
    "len=1025",
    // A thread's four tokens and a block's 1024, with boundaries on and beside their edges.
    "len=3,1,4,5,3",
    "len=1023,2,1023",
    "len=1024,0,1024 cap=2051 contract=C8",
    "len=1030*1",
    "len=1027*0,6",
    "cu_seqlens=0,4,-2147483644,8 cap=8 contract=C7 expect=refused",
};

constexpr std::string_view kFull[] = {
    "len=gsm8k@32768 cap=32768",
    "len=code@32768 cap=32768",
    "len=65536*1",
};

std::vector<std::string> quick() {
  return descriptors_of("sequence_index", {kQuick, refused_boundaries()});
}

std::vector<std::string> full() { return descriptors_of("sequence_index", {kFull}); }

}  // namespace

OpForm sequence_index_form() {
  return {
      .name = "sequence_index",
      .directions = {Direction::fwd},
      .dtypes = {},
      .fields = {cu_dtype_field()},
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = {.quick = quick, .full = full},
  };
}

}  // namespace packproof::cases
