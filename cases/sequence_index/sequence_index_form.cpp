#include "cases/sequence_index/sequence_index_form.h"

namespace packproof::cases {
namespace {

Signature signature(const Case& c) {
  return {
      .inputs = {{.name = "cu_seqlens",
                  .dtype = *dtype_named(c.word("cu_dtype")),
                  .dims = {{Axis::boundary, c.segments() + 1}},
                  .values = c.cu_seqlens()}},
      // -1 in slack is part of the op's definition, so slack is judged like any other element.
      .outputs = {{.name = "sequence_index",
                   .dtype = DType::int32,
                   .dims = {{Axis::token, c.capacity}}}},
  };
}

std::vector<std::string> descriptors(Tier tier) {
  switch (tier) {
    case Tier::quick:
      return {
          "sequence_index len=5,3 seed=1",
          "sequence_index len=1 seed=1",
          "sequence_index len=9*1 seed=1",
          "sequence_index len=0,4,0,0,3,0 seed=1",
          "sequence_index len=2*0 seed=1",
          "sequence_index len=0 cap=5 seed=1",
          "sequence_index len=7,6 cap=19 seed=1",
          "sequence_index len=3,0 cap=8 seed=1",
          "sequence_index len=1025 seed=1",
          // A thread's four tokens and a block's 1024, with boundaries on and beside their edges.
          "sequence_index len=3,1,4,5,3 seed=1",
          "sequence_index len=1023,2,1023 seed=1",
          "sequence_index len=1024,0,1024 cap=2051 seed=1",
          "sequence_index len=1030*1 seed=1",
          "sequence_index len=1027*0,6 seed=1",
          "sequence_index cu_seqlens=0,5,3,8 cap=8 seed=1 contract=C7 expect=refused",
          "sequence_index cu_seqlens=1,5,8 cap=8 seed=1 contract=C7 expect=refused",
          "sequence_index cu_seqlens=0,5,9 cap=8 seed=1 contract=C7 expect=refused",
          "sequence_index cu_seqlens=0,4,-2147483644,8 cap=8 seed=1 contract=C7 expect=refused",
          "sequence_index cu_dtype=int64 len=5,3 seed=1 contract=C7 expect=refused",
      };
    case Tier::full:
      return {
          "sequence_index len=gsm8k@32768 cap=32768 seed=1",
          "sequence_index len=code@32768 cap=32768 seed=1",
          "sequence_index len=65536*1 seed=1",
      };
    case Tier::nightly:
      return {};
  }
  return {};
}

}  // namespace

OpForm sequence_index_form() {
  return {
      .name = "sequence_index",
      .directions = {Direction::fwd},
      .dtypes = {},
      .fields = {{.name = "cu_dtype",
                  .kind = FieldSpec::Kind::choice,
                  .fallback = "int32",
                  .help = "dtype of cu_seqlens; int64 is refused",
                  .choices = {"int32", "int64"}}},
      .contracts = {"C7", "C8", "C9"},
      .signature = signature,
      .descriptors = descriptors,
  };
}

}  // namespace packproof::cases
